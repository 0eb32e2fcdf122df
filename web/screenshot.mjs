// Takes the picture in docs/: node screenshot.mjs ADDRESS OUT.png, with a server running at ADDRESS.

import { chromium } from "playwright-core";

const [address, out] = process.argv.slice(2);
const ATTEMPTS = 12;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 1262 }, colorScheme: "dark" });
page.setDefaultTimeout(180_000);
await page.goto(address);
const button = (name) => page.getByRole("button", { name });

/** Drags a thing on the plane of prompts to a place, shares of its width and height. */
async function drag(thing, x, y) {
  const [from, box] = [await thing.boundingBox(), await page.getByRole("group", { name: "Plane of prompts" }).boundingBox()];
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 3 });
  await page.mouse.up();
}

const name = page.getByLabel("Name of the chosen pad");
await name.fill("slow bossa nova, nylon guitar");
await name.press("Enter");
for (const style of ["jazz trio", "ambient", "dub techno"]) {
  await button("+ Add prompt").click();
  await name.fill(style);
  await name.press("Enter");
}
for (const [i, [x, y]] of [[0.3, 0.3], [0.66, 0.64], [0.14, 0.85], [0.86, 0.2]].entries()) await drag(page.locator("[data-pad]").nth(i), x, y);
await drag(button(/^Cursor/), 0.44, 0.47);
await button(/^Scene 1:/).click();
await button("Roll the dice").click();
await button(/^Scene 2:/).click();
await button(/^Scene 1:/).click();
await button("Start").click();
await page.waitForTimeout(6000);
await page.getByRole("group", { name: "Bars of the plan" }).waitFor();
await page.setViewportSize({ width: 1440, height: await page.evaluate(() => document.documentElement.scrollHeight) });
await page.getByLabel("Brightness", { exact: true }).fill("0.7");
await button(/^Lead/).click();
// Drawing the picture costs the machine more than playing does: begin anew until nothing was missed.
for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
  await button("Stop").click();
  await button("Start").click();
  await page.mouse.move(720, 4);
  await page.waitForTimeout(12_000);
  await page.screenshot({ path: out });
  if (await page.evaluate(() => window.legato.stats.underruns === 0)) break;
}
await browser.close();
