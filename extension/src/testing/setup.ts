/** Draws a component's new state at once, so that a test sees it without waiting. */
import { options } from 'preact';

options.debounceRendering = (draw) => draw();
