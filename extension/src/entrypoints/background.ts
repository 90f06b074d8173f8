import { defineBackground } from 'wxt/utils/define-background';
import { Runtime } from '../background/runtime';

export default defineBackground(() => new Runtime().start());
