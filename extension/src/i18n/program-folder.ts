/**
 * Where the programs of a Koban that was installed by hand are, from the folder it was installed in, as one types it in
 * a terminal there: `koban` alone is found only where an installer has put it on the path.
 */
export function programFolder(userAgent: string = navigator.userAgent): string {
  return userAgent.includes('Windows') ? '.venv\\Scripts\\' : '.venv/bin/';
}
