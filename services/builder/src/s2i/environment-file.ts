/** The variables of a `.s2i/environment`: `KEY=VALUE` a line, `#` comments; lines without `=` mean nothing. */
export const parseEnvironmentFile = (text: string): Record<string, string> => {
  const env: Record<string, string> = {};
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    const equals = line.indexOf("=");
    if (line.startsWith("#") || equals <= 0) continue;
    env[line.slice(0, equals).trim()] = line.slice(equals + 1).trim();
  }
  return env;
};
