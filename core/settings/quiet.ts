/** Minutes of the day, by the channel's own clock; `from` may be later than `to`, as at night. */
export type Quiet = { from: number; to: number }

const dayMinutes = 1_440
const minuteMs = 60_000

/** When the quiet hours that are now end, in unix milliseconds; undefined when it is not quiet. */
export function quietUntil(
  { quiet, zone }: { quiet: Quiet | undefined; zone: string },
  nowMs: number,
): number | undefined {
  if (!quiet) return undefined
  const minute = minuteOfDay(zone, nowMs)
  const isQuiet =
    quiet.from < quiet.to ? minute >= quiet.from && minute < quiet.to : minute >= quiet.from || minute < quiet.to
  if (!isQuiet) return undefined
  const left = (quiet.to - minute + dayMinutes) % dayMinutes
  return (Math.floor(nowMs / minuteMs) + left) * minuteMs
}

function minuteOfDay(zone: string, atMs: number): number {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(atMs)
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}
