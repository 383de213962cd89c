import { appNameOf } from "./app-name.ts";

describe("the name of an application", () => {
  it.each([
    ["https://git.example.org/team/shop.git", "shop"],
    ["https://git.example.org/team/shop/", "shop"],
    ["git@example.org:team/My_Shop.git", "my-shop"],
    ["git@example.org:shop", "shop"],
    ["file:///srv/git/hello-node.git", "hello-node"],
    ["https://example.org/2048.game", "game"],
    [`https://example.org/${"a".repeat(57)}-b`, "a".repeat(57)],
  ])("of %s is %s", (uri, name) => expect(appNameOf(uri)).toBe(name));

  it("must be chosen where the repository gives none", () => {
    expect(() => appNameOf("https://example.org/2048.git")).toThrow("choose one with --name");
  });
});
