import { FileSubmitter } from '../page/files';
import type { Feature } from './feature';

/** Sends the client's pictures and files that did not pass Koban, as the browser has them. */
export const feature: Feature = {
  id: 'files',
  include: 'page',
  adds: false,
  init({ send }) {
    const submitter = new FileSubmitter((url, data) => send({ type: 'file', url, data }));
    return ({ files }) => submitter.want(files);
  },
};
