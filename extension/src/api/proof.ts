/**
 * How the extension and Koban prove to each other that they know a secret, which neither ever sends: HMAC-SHA256 over
 * lines, their purpose first. The other side, and why each line is there, is `addon/credentials/proof.py`.
 */

const STRETCHING = 600_000;

const encoded = (text: string) => new TextEncoder().encode(text);

const hex = (bytes: ArrayBuffer | Uint8Array) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** 256 random bits, as text. */
export function newNonce(): string {
  return hex(crypto.getRandomValues(new Uint8Array(32)));
}

/** The proof of knowing a secret, for one purpose and what belongs to it. No line holds a break. */
export async function proof(secret: string, purpose: string, ...lines: (string | number)[]): Promise<string> {
  const key = await crypto.subtle.importKey('raw', encoded(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return hex(await crypto.subtle.sign('HMAC', key, encoded([`koban ${purpose}`, ...lines].join('\n'))));
}

/** SHA-256 of a body. */
export async function digest(body: string | Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', typeof body === 'string' ? encoded(body) : body));
}

/** The secret that a number stands for in one exchange: made dear, since a number is short enough to try them all. */
export async function stretched(number: string, nonce: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', encoded(number), 'PBKDF2', false, ['deriveBits']);
  return hex(
    await crypto.subtle.deriveBits(
      { name: 'PBKDF2', hash: 'SHA-256', salt: encoded(nonce), iterations: STRETCHING },
      key,
      256,
    ),
  );
}

/** The name of a key, which may be said to anybody. */
export async function keyName(key: string): Promise<string> {
  return (await proof(key, 'key')).slice(0, 32);
}
