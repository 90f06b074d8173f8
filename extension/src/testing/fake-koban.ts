/** A Koban for tests, as far as proofs go: what it says is proven, or not. */

import { portOf } from '../api/line';
import { digest, keyName, proof, stretched } from '../api/proof';

export interface Fake {
  key: string;
  start: string;
  /** The code that it made, and the extension that may use it. */
  code: string;
  origin: string;
  /** An impostor has no key and no code, and says what it likes. */
  isImpostor: boolean;
  answers: (method: string, path: string, body: string) => Response;
  /** Everything that it was told. */
  heard: string[];
}

const parts = (authorization: string) =>
  Object.fromEntries(
    authorization
      .replace('Koban ', '')
      .split(', ')
      .map((part) => part.split('=') as [string, string]),
  );

export function fakeKoban(over: Partial<Fake> = {}): { fake: Fake; send: typeof fetch } {
  const fake: Fake = {
    key: 'a'.repeat(64),
    start: 's'.repeat(43),
    code: 'one-time',
    origin: '',
    isImpostor: false,
    heard: [],
    answers: () => new Response('{}'),
    ...over,
  };
  const send = async (address: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const { origin, pathname, search } = new URL(String(address));
    const port = portOf(origin);
    const body = String(init.body ?? '');
    const { Authorization: authorization = '' } = init.headers as Record<string, string>;
    fake.heard.push(`${pathname}${search} ${authorization} ${body}`);
    if (fake.isImpostor) return fake.answers(init.method ?? 'GET', pathname + search, body);
    const request = body === '' ? {} : (JSON.parse(body) as Record<string, string>);
    const { nonce = '' } = request;
    if (pathname === '/v1/greeting') {
      if (request['key'] !== (await keyName(fake.key))) return new Response('{}', { status: 401 });
      return Response.json({ start: fake.start, proof: await proof(fake.key, 'greeting', port, nonce, fake.start) });
    }
    if (pathname === '/v1/pair') {
      const secret = request['by'] === 'number' ? await stretched(fake.code, nonce) : fake.code;
      if (request['proof'] !== (await proof(secret, 'pair request', port, fake.origin, nonce)))
        return new Response('{}', { status: 403 });
      fake.key = await proof(secret, 'pair key', port, fake.origin, nonce, 'n'.repeat(43));
      return Response.json({
        nonce: 'n'.repeat(43),
        proof: await proof(secret, 'pair answer', port, fake.origin, nonce, 'n'.repeat(43)),
      });
    }
    const claim = parts(authorization);
    const of = await digest(body);
    const expectedProof = await proof(
      fake.key,
      'request',
      port,
      fake.start,
      claim['nonce'] ?? '',
      init.method ?? 'GET',
      pathname + search,
      of,
    );
    if (claim['proof'] !== expectedProof) return new Response('{}', { status: 401 });
    const answer = fake.answers(init.method ?? 'GET', pathname + search, body);
    const content = new Uint8Array(await answer.clone().arrayBuffer());
    const streams = answer.headers.get('Content-Type') === 'text/event-stream';
    const headers = new Headers(answer.headers);
    headers.set(
      'Koban-Proof',
      await proof(
        fake.key,
        'answer',
        port,
        fake.start,
        claim['nonce'] ?? '',
        answer.status,
        await digest(streams ? '' : content),
      ),
    );
    return new Response(answer.status === 204 ? null : content, { status: answer.status, headers });
  };
  return { fake, send: send as typeof fetch };
}
