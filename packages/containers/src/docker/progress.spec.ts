import { withTag } from "../reference.ts";
import { transferReason } from "./progress.ts";
import { toEngineTime } from "./time.ts";

describe("why a transfer failed", () => {
  it.each([
    ["manifest for 127.0.0.1:5000/x:1 not found: manifest unknown: manifest unknown", "NotFound"],
    ["pull access denied for x, repository does not exist or may require 'docker login'", "NotFound"],
    ['Get "http://127.0.0.1:5000/v2/x/manifests/1": no basic auth credentials', "Unauthorized"],
    ["unauthorized: authentication required", "Unauthorized"],
    ['Get "https://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused', "Network"],
    ['Get "https://reg/v2/": x509: certificate signed by unknown authority', "Network"],
    ["write /var/lib/docker/tmp/x: no space left on device", "DiskFull"],
    ["invalid reference format: repository name must be lowercase", "InvalidName"],
    ["who knows", "Unknown"],
  ])("%s: %s", (text, reason) => {
    expect(transferReason(text)).toBe(reason);
  });
});

describe("a reference", () => {
  it.each([
    ["web", "web:latest"],
    ["web:1", "web:1"],
    ["127.0.0.1:5000/web", "127.0.0.1:5000/web:latest"],
    ["127.0.0.1:5000/web:1", "127.0.0.1:5000/web:1"],
    ["web@sha256:abc", "web@sha256:abc"],
  ])("%s means %s", (ref, full) => {
    expect(withTag(ref)).toBe(full);
  });
});

describe("a time for the engine", () => {
  it("keeps all nine decimals, fewer and none", () => {
    expect(toEngineTime("2026-01-02T03:04:05.123456789Z")).toBe("1767323045.123456789");
    expect(toEngineTime("2026-01-02T03:04:05.5Z")).toBe("1767323045.500000000");
    expect(toEngineTime("2026-01-02T04:04:05+01:00")).toBe("1767323045.000000000");
  });
});
