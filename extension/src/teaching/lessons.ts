/** All that the user taught, each with what undoes it, and how it may be passed on. */
import type { LessonInfo, RuleInfo } from '../api/types';
import type { Words } from '../i18n/words';
import { h } from '../ui/dom';
import type { LessonsActions } from './actions';

export interface ListActions extends LessonsActions {
  save(name: string, content: string, type: string): void;
}

/** What a lesson is about, in a sentence. */
export function lessonLine(lesson: LessonInfo, rules: readonly RuleInfo[], words: Words): string {
  const rule = rules.find(({ id }) => id === lesson.rule);
  const day = words.day(lesson.day);
  if (lesson.warns) return words.of('lessonWarns', lesson.quote, day);
  return words.of(
    'lessonSilent',
    lesson.quote,
    rule === undefined ? words.of('missedHeading') : words.in(rule.title),
    day,
  );
}

/** `changed` is called when a lesson is gone. */
export function lessonList(
  lessons: readonly LessonInfo[],
  rules: readonly RuleInfo[],
  words: Words,
  actions: ListActions,
  changed: () => void,
): HTMLElement[] {
  const undo = async (id: string) => {
    await actions.unteach(id);
    changed();
  };
  const shown = h('div', { class: 'contribution', 'aria-live': 'polite' });
  const show = async () => {
    const text = await actions.contribution();
    if (text === null) return shown.replaceChildren(h('p', {}, words.of('missedFailed')));
    const box = h('textarea', { readonly: true, rows: '6', 'aria-label': words.of('contributionName') });
    box.value = box.defaultValue = text;
    shown.replaceChildren(
      h('p', {}, words.of('contributionLine')),
      box,
      h(
        'button',
        { type: 'button', onclick: () => actions.save('koban-lessons.jsonl', text, 'application/jsonl') },
        words.of('exportButton'),
      ),
    );
  };
  if (lessons.length === 0) return [h('p', { class: 'none' }, words.of('lessonsNone'))];
  return [
    h(
      'ul',
      {},
      ...lessons.map((lesson) => {
        const line = lessonLine(lesson, rules, words);
        const button = h(
          'button',
          { type: 'button', 'aria-label': words.of('undoOf', line), onclick: () => void undo(lesson.id) },
          words.of('undoButton'),
        );
        return h('li', {}, h('span', {}, line), button);
      }),
    ),
    h('p', {}, h('button', { type: 'button', onclick: () => void show() }, words.of('contributionButton'))),
    shown,
  ];
}
