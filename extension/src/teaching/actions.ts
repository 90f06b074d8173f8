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

export interface LessonsActions extends Pick<TeachActions, 'unteach'> {
  /** null where Koban cannot be asked. */
  lessons(): Promise<LessonInfo[] | null>;
  contribution(): Promise<string | null>;
}

export function teachingActions(api: () => Promise<KobanApi | null>): TeachActions & LessonsActions {
  const ask = async <T>(call: (api: KobanApi) => Promise<T>): Promise<T | null> =>
    (await api()
      .then((there) => (there === null ? null : call(there)))
      .catch(() => null)) ?? null;
  return {
    teach: async (lesson) => {
      try {
        const there = await api();
        const texts = lesson.texts.slice(0, MOST_LESSON_TEXTS).map((text) => text.slice(0, LONGEST_LESSON));
        return there === null ? 'failed' : await there.teach({ ...lesson, texts });
      } catch (error) {
        return error instanceof ApiError && error.status === 422 ? 'refused' : 'failed';
      }
    },
    unteach: async (id) => (await ask((there) => there.unteach(id).then(() => true))) ?? false,
    lessons: () => ask((there) => there.lessons()),
    contribution: () => ask((there) => there.contribution()),
  };
}
