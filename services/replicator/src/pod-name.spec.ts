import { podName } from "./pod-name.ts";

describe("a pod's name", () => {
  it("follows from its controller and its number", () => {
    expect(podName("web", "uid-1", 3)).toBe(podName("web", "uid-1", 3));
    expect(podName("web", "uid-1", 3)).toMatch(/^web-[a-z0-9]{5}$/);
  });

  it("differs from number to number and from one controller of that name to the next", () => {
    const names = new Set<string>();
    for (let i = 0; i < 500; i++) for (const uid of ["a", "b"]) names.add(podName("web", uid, i));
    expect(names.size).toBeGreaterThan(990);
  });

  it("fits into a host name", () => {
    expect(podName("x".repeat(90), "u", 0)).toHaveLength(63);
  });
});
