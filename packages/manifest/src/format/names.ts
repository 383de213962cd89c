/** Names as Kubernetes has them, and its sentences about what is wrong with one. */
import type { Format } from "../schema/field.ts";

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const DNS_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

const LABEL_MESSAGE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
  "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_MESSAGE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const DNS_1035_MESSAGE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and " +
  "end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is " +
  "'[a-z]([-a-z0-9]*[a-z0-9])?')";

/** `must be no more than 63 characters`, when it is more. */
export const atMost = (value: string, max: number): readonly string[] =>
  value.length > max ? [`must be no more than ${max} characters`] : [];

const rule =
  (pattern: RegExp, message: string, max: number): Format<string> =>
  (value) => [...atMost(value, max), ...(value.length <= max && !pattern.test(value) ? [message] : [])];

/** A project, a container, a volume. */
export const dnsLabel: Format<string> = rule(LABEL, LABEL_MESSAGE, 63);
/** Most objects. */
export const dnsSubdomain: Format<string> = rule(SUBDOMAIN, SUBDOMAIN_MESSAGE, 253);
/** A service, whose name becomes an environment variable. */
export const dns1035Label: Format<string> = rule(DNS_1035, DNS_1035_MESSAGE, 63);

/** The name of a port that others may point at. */
export const portName: Format<string> = (value) => {
  const problems = [...atMost(value, 15)];
  if (!/^[-a-z0-9]+$/.test(value)) {
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(value)) problems.push("must contain at least one letter (a-z)");
  if (value.includes("--")) problems.push("must not contain consecutive hyphens");
  if (value.startsWith("-") || value.endsWith("-")) problems.push("must not begin or end with a hyphen");
  return problems;
};

const ENV_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** The name of an environment variable. */
export const envName: Format<string> = (value) =>
  ENV_NAME.test(value)
    ? []
    : [
        "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not " +
          "start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is " +
          "'[-._a-zA-Z][-._a-zA-Z0-9]*')",
      ];

/** The name of an HTTP header. */
export const headerName: Format<string> = (value) =>
  /^[-A-Za-z0-9]+$/.test(value)
    ? []
    : [
        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for " +
          "validation is '[-A-Za-z0-9]+')",
      ];
