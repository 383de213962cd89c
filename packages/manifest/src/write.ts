import { stringify } from "yaml";
import { kubernetesTags } from "./yaml-dialect.ts";

/** Several objects are written as one List, as kubectl does. */
const asOne = (objects: object | readonly object[]): object =>
  Array.isArray(objects) ? { apiVersion: "v1", kind: "List", items: objects } : objects;

/** YAML that we and kubectl read back as the same: every text that could pass for something else is quoted. */
export const toYaml = (objects: object | readonly object[]): string =>
  stringify(asOne(objects), {
    version: "1.1",
    customTags: kubernetesTags,
    aliasDuplicateObjects: false,
    lineWidth: 0,
    singleQuote: false,
  });

/** JSON with kubectl's indent of four. */
export const toJson = (objects: object | readonly object[]): string => `${JSON.stringify(asOne(objects), null, 4)}\n`;
