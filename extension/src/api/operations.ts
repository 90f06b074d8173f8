/** Types of each request's query, body and answer, from the API's description (`schema.d.ts`). */
import type { paths } from './schema';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The paths that know a method. */
export type Path<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, object> ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends Path<M>> = paths[P] extends Record<M, infer O> ? O : never;

/** The JSON of a successful answer. */
export type AnswerOf<M extends Method, P extends Path<M>> =
  Operation<M, P> extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;

type BodyOf<O> = O extends { requestBody: { content: { 'application/json': infer Body } } }
  ? { body: Body }
  : { body?: Record<string, never> };
type QueryOf<O> = O extends { parameters: { query: infer Query extends object } }
  ? { query: Query }
  : O extends { parameters: { query?: infer Query } }
    ? { query?: Query }
    : object;
type PlacesOf<O> = O extends { parameters: { path: infer Places extends object } } ? { path: Places } : object;

/** The parts of a request: query, body, values of its path, and how long it may take. */
export type RequestOf<M extends Method, P extends Path<M>> = BodyOf<Operation<M, P>> &
  QueryOf<Operation<M, P>> &
  PlacesOf<Operation<M, P>> & { patience?: number };

/** The argument of a request; optional where no part is required. */
export type Rest<Request> = object extends Request ? [request?: Request] : [request: Request];
