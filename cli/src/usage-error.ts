/** The command line was used wrongly: said before the server is asked anything, and ended with its own exit code. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
