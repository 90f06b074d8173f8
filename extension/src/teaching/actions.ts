/** Requests about lessons, over the API. */
import { LONGEST_LESSON, MOST_LESSON_TEXTS } from '../api/bounds.generated';
import { ApiError, type KobanApi } from '../api/client';
import type { LessonInfo, LessonRequest } from '../api/types';

/** `refused`: nothing could be learnt from that text. `failed`: Koban could not be asked. */
export type Taken = LessonInfo | 'refused' | 'failed';

export interface TeachActions {
  teach(lesson: LessonRequest): Promise<Taken>;
  /** Undo one lesson, or all. */
  unteach(id: string | null): Promise<boolean>;
}

/** Undoes a lesson, also one that Koban is still storing. */
export type Withdrawal = () => Promise<void>;

export interface LessonsActions extends Pick<TeachActions, 'unteach'> {
  /** null where Koban cannot be asked. */
  lessons(): Promise<LessonInfo[] | null>;
  contribution(): Promise<string | null>;
}

interface TeachingActions extends TeachActions, LessonsActions {
  /** Undo what `teach` returned; the request waits until Koban has answered. */
  withdraw(lesson: Promise<Taken>): Promise<void>;
}

/** `onFewerWarnings` is called once Koban has taken a lesson, or undone one, that may take warnings away. */
export function teachingActions(
  api: () => Promise<KobanApi | null>,
  onFewerWarnings: () => void = () => undefined,
): TeachingActions {
  const ask = async <T>(call: (api: KobanApi) => Promise<T>): Promise<T | null> =>
    (await api()
      .then((there) => (there === null ? null : call(there)))
      .catch(() => null)) ?? null;
  const teach = async (lesson: LessonRequest): Promise<Taken> => {
    try {
      const there = await api();
      const texts = lesson.texts.slice(0, MOST_LESSON_TEXTS).map((text) => text.slice(0, LONGEST_LESSON));
      if (there === null) return 'failed';
      const answer = await there.teach({ ...lesson, texts });
      if (!lesson.warns) onFewerWarnings();
      return answer;
    } catch (error) {
      return error instanceof ApiError && error.status === 422 ? 'refused' : 'failed';
    }
  };
  const undo = async (id: string | null, isWarning: boolean) => {
    const isUndone = (await ask((there) => there.unteach(id).then(() => true))) ?? false;
    if (isUndone && isWarning) onFewerWarnings();
    return isUndone;
  };
  const unteach = async (id: string | null) => {
    if (id === null) return undo(null, true);
    const lessons = await ask((there) => there.lessons());
    return undo(id, lessons?.find((lesson) => lesson.id === id)?.warns ?? false);
  };
  let last: Promise<unknown> = Promise.resolve();
  // What the user pressed last holds, so requests that change lessons never overtake one another.
  const inOrder = <T>(call: () => Promise<T>): Promise<T> => {
    const result = last.then(call);
    last = result;
    return result;
  };
  return {
    teach: (lesson) => inOrder(() => teach(lesson)),
    unteach: (id) => inOrder(() => unteach(id)),
    withdraw: (lesson) =>
      inOrder(async () => {
        const answer = await lesson;
        if (typeof answer !== 'string') await undo(answer.id, answer.warns);
      }),
    lessons: () => ask((there) => there.lessons()),
    contribution: () => ask((there) => there.contribution()),
  };
}
