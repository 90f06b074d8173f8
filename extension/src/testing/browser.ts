/** The one fake of the browser's API that all files of a worker share, and tests put parts of their own into. */
import { fakeBrowser } from 'wxt/testing/fake-browser';

/** Remember the API as it is. The result brings it back to that, with nothing stored and nobody listening. */
export function rememberBrowser(): () => void {
  const initialValues = new Map<object, PropertyDescriptorMap>();
  const remember = (api: object) => {
    if (initialValues.has(api)) return;
    initialValues.set(api, Object.getOwnPropertyDescriptors(api));
    for (const part of Object.values(api)) if (typeof part === 'object' && part !== null) remember(part);
  };
  remember(fakeBrowser);
  return () => {
    for (const [api, properties] of initialValues) {
      for (const name of Reflect.ownKeys(api)) if (!Object.hasOwn(properties, name)) Reflect.deleteProperty(api, name);
      Object.defineProperties(api, properties);
    }
    fakeBrowser.reset();
  };
}
