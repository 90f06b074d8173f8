/** Whether an extension and a Koban understand each other: same major version, and below 1.0 the same minor one. */
export function compatible(extension: string, koban: string): boolean {
  const [major, minor] = extension.split('.');
  const [otherMajor, otherMinor] = koban.split('.');
  return major === otherMajor && (major !== '0' || minor === otherMinor);
}
