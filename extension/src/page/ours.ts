/** The elements that Koban puts into a page. They hold none of the page's words, and none of what is typed there. */
export const OURS = 'koban-banner, koban-marks, koban-step, koban-desk, koban-verdict';
