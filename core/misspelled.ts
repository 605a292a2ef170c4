/** Names that only AutoCo would use; others of the environment must look very much like a setting to be taken for one. */
const ours = /^(AUTOCO|RELAY|RELAYER|DISCUSSION|DISCORD|TELEGRAM|SLACK)_/

/** A setting that is not one does nothing, silently: say so, and what was probably meant. */
export function misspelledSettings(
  environment: Record<string, string | undefined>,
  known: readonly string[],
): string[] {
  const faults: string[] = []
  for (const name of Object.keys(environment)) {
    if (known.includes(name) || !environment[name]?.trim()) continue
    const plain = flat(name)
    const [nearest, distance] = known
      .map((setting) => [setting, editDistance(plain, flat(setting))] as const)
      .reduce((best, entry) => (entry[1] < best[1] ? entry : best))
    // HOME and PATH are two letters away from HOST and PORT; long names are rarely so near by chance.
    const isNear = plain.length >= 7 && distance <= (plain.length >= 10 ? 2 : 1)
    if (isNear) faults.push(`${name} is not a setting. Did you mean ${nearest}?`)
    else if (ours.test(name)) faults.push(`${name} is not a setting; .env.example lists them all`)
  }
  return faults
}

const flat = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same)
    }
    row = next
  }
  return row[b.length] ?? 0
}
