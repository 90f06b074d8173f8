import { defineConfig } from 'wxt';
import { catalogue } from './catalogue.plugin.ts';
import marketplaces from './marketplaces.json' with { type: 'json' };
import optional from './optional-marketplaces.json' with { type: 'json' };

/** Public half of the key that fixes the id in Chromium, wherever the folder lies. Its private half is not kept. */
const KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAs2f1A6poHBJ9c0cg8+FABr09GKyVriGXwQoouliN43NtlBqH16pXW6hBMJ2X88toyMem68crRAaVOm5aLaNpR+rA2xE1wzoLWxX1JPZ7zFAGFTQo1SEBT0IGHG6ianzrHWjaGCm3FZrxmYR7cynr7H0nxmEWpEFWrwM3FynEMKrMbAlpbIjwNrqSIYtEuz8e5Lfpjlyjy1UMrBWs8tvy2Fu7oLq0CNwBSozQ4iCfxbmdkMw8zwhDrRdx8pBfNQ+SwebZgafMaw5vN87wuFdTSA2l5r5MHwgd0dvLsHbHMTCobDLARIhPcMtNJHBDZU9zxrjmMAJg4TPBwb8EzySP/wIDAQAB';

const STORE = 'store';

export default defineConfig({
  srcDir: 'src',
  imports: false,
  manifestVersion: 3,
  zip: { artifactTemplate: '{{name}}-{{version}}-{{browser}}.zip' },
  // Nothing is started or fetched by the build itself.
  webExt: { disabled: true },
  // The oldest browsers of the manifest: nothing is rewritten for older ones.
  // Words as JSON: a page's content script is read with every page, and that is read fastest.
  vite: () => ({
    plugins: [catalogue],
    json: { stringify: true },
    build: { target: ['chrome123', 'firefox140'], cssTarget: ['chrome123', 'firefox140'] },
  }),
  manifest: ({ browser, mode }) => ({
    name: '__MSG_extensionName__',
    description: '__MSG_extensionDescription__',
    default_locale: 'ja',
    // The alarm looks for what is due while no page is open; notices of it are asked for when they are wanted.
    // Scripts of Koban's own, on optional marketplaces while the browser gives leave for them.
    // A tab whose user opens the popup may be pictured, so that what is drawn of the client's pictures can be read.
    permissions: ['storage', 'alarms', 'scripting', 'activeTab'],
    optional_permissions: ['notifications'],
    // The marketplaces, and Koban itself on this machine. Nothing else.
    host_permissions: [...marketplaces.map((host) => `https://${host}/*`), 'http://127.0.0.1/*'],
    // Asked for where the user switches one of these sites on.
    optional_host_permissions: Object.values(optional).flatMap((hosts) => hosts.map((host) => `https://${host}/*`)),
    // Firefox hides the buttons of new extensions in a menu otherwise.
    action: { default_title: 'Koban', ...(browser === 'firefox' ? { default_area: 'navbar' as const } : {}) },
    // The popup by keyboard (the next mark of a page is Alt+Shift+K); the browser lets its user choose other keys.
    commands: { _execute_action: { suggested_key: { default: 'Alt+Shift+P' } } },
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: '{1474de57-c2da-4421-aa9d-30f70921d031}',
              strict_min_version: '140.0',
              data_collection_permissions: { required: ['none'] },
            },
            gecko_android: { strict_min_version: '142.0' },
          },
        }
      : // The store gives an id of its own, and refuses a package that brings a key.
        { ...(mode === STORE ? {} : { key: KEY }), minimum_chrome_version: '123' }),
  }),
});
