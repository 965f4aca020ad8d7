// Looks for something that announces itself to nobody: at once, then after pauses that grow by a tenth from 50 ms to a
// second, ten seconds in all, until `isDone` answers true.
export function withGrowingPauses(isDone, pause_ms = 50) {
  if (!isDone() && pause_ms < 1000) setTimeout(withGrowingPauses, pause_ms, isDone, pause_ms * 1.1);
}
