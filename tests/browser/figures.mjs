// How the browser's figures are taken and told.

/** The value under which this share of the times lies. */
export function quantile(times, q) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
}

/** Prints one figure beside what is to be reached. */
export function figure(what, found, toReach, isReached) {
  console.log(`${what.padEnd(52)} ${found.padEnd(44)} to reach ${toReach.padEnd(14)} ${isReached ? "reached" : "NOT reached"}`);
}
