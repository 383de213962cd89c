import { type ChildProcess, spawn } from "node:child_process";

/**
 * Runs a command again when it was killed, and again after any failure once it has run: a shell, because it has next to
 * nothing that can go wrong and takes a megabyte. The command's own ends count: 0 was asked for, another code at the
 * first run means that it cannot start. The command is given the guard's process id as its last argument, and stands
 * down when that is no longer its parent: then somebody ended the guard to end both.
 */
const GUARD = `
again=
while :; do
  "$@" $$
  code=$?
  [ $code -eq 0 ] && exit 0
  [ $code -gt 128 ] || [ -n "$again" ] || exit $code
  again=yes
  sleep 1
done`;

/** Starts a guarded command in a session of its own; both write to `logFd`. */
export const spawnGuarded = (command: readonly string[], logFd: number): ChildProcess =>
  spawn("/bin/sh", ["-c", GUARD, "slipway-guard", ...command], {
    detached: true,
    cwd: "/",
    stdio: ["ignore", logFd, logFd],
  });
