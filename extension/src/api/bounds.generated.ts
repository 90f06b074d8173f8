// Written by `make generate` from addon/api/models.py and addon/pictures/bounds.py. Change those, not this file.

/** Characters of a text that is judged by itself. */
export const LONGEST_TEXT = 10_000;

/** Characters of a page's address. */
export const LONGEST_ADDRESS = 4_000;

/** Characters of a text to learn from. */
export const LONGEST_LESSON = 6_000;

/** Texts of one lesson. */
export const MOST_LESSON_TEXTS = 20;

/** Bytes of a picture or file that is looked into. */
export const MOST_FILE_BYTES = 10_000_000;

/** Pixels of a picture that is looked into. */
export const MOST_PIXELS = 24_000_000;
