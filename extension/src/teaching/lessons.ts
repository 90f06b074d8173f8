/** All that the user taught, each with what undoes it, and how it may be passed on. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { LessonInfo, RuleInfo } from '../api/types';
import type { Words } from '../i18n/words';
import { type Child, component, group, h } from '../ui/virtual';
import type { LessonsActions } from './actions';

export interface ListActions extends LessonsActions {
  save(name: string, content: string, type: string): void;
}

/** Describes a lesson in a sentence. */
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

/** `onChange` is called when a lesson is gone. */
export function lessonList(
  lessons: readonly LessonInfo[],
  rules: readonly RuleInfo[],
  words: Words,
  actions: ListActions,
  onChange: () => void,
): Child[] {
  if (lessons.length === 0) return [h('p', { class: 'none' }, words.of('lessonsNone'))];
  const undo = async (id: string) => {
    await actions.unteach(id);
    onChange();
  };
  const rows = lessons.map((lesson) => {
    const line = lessonLine(lesson, rules, words);
    return h(
      'li',
      { key: lesson.id },
      h('span', {}, line),
      h(
        'button',
        { type: 'button', 'aria-label': words.of('undoOf', line), onclick: () => void undo(lesson.id) },
        words.of('undoButton'),
      ),
    );
  });
  return [h('ul', {}, ...rows), component(Contribution, { words, actions })];
}

/** All lessons as they may be passed on, shown before they are written to a file. */
function Contribution({ words, actions }: { words: Words; actions: ListActions }): VNode {
  const [text, show] = useState<string | 'failed' | null>(null);
  const ask = async () => show((await actions.contribution()) ?? 'failed');
  return group(
    'parts',
    h('p', {}, h('button', { type: 'button', onclick: () => void ask() }, words.of('contributionButton'))),
    h(
      'div',
      { class: 'contribution', 'aria-live': 'polite' },
      ...(text === null
        ? []
        : text === 'failed'
          ? [h('p', {}, words.of('missedFailed'))]
          : [
              h('p', {}, words.of('contributionLine')),
              h('textarea', { readonly: true, rows: '6', 'aria-label': words.of('contributionName'), value: text }),
              h(
                'button',
                { type: 'button', onclick: () => actions.save('koban-lessons.jsonl', text, 'application/jsonl') },
                words.of('exportButton'),
              ),
            ]),
    ),
  );
}
