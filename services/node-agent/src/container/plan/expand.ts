/**
 * `$(NAME)` becomes the variable's value; `$$(NAME)` is an escaped `$(NAME)`; what is not known stays as it is. The
 * rules of Kubernetes' `third_party/forked/golang/expansion`.
 */
export const expand = (text: string, lookup: (name: string) => string | undefined): string => {
  let out = "";
  let at = 0;
  for (;;) {
    const dollar = text.indexOf("$", at);
    if (dollar < 0 || dollar + 1 >= text.length) return out + text.slice(at);
    out += text.slice(at, dollar);
    const next = text[dollar + 1];
    if (next === "$") {
      out += "$";
      at = dollar + 2;
      continue;
    }
    const close = next === "(" ? text.indexOf(")", dollar) : -1;
    if (close < 0) {
      out += text.slice(dollar, dollar + 2);
      at = dollar + 2;
      continue;
    }
    out += lookup(text.slice(dollar + 2, close)) ?? text.slice(dollar, close + 1);
    at = close + 1;
  }
};
