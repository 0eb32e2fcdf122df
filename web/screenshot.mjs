// Takes the picture in docs/: node screenshot.mjs ADDRESS OUT.png, with a server running at ADDRESS.

import { chromium } from "playwright-core";

const [address, out] = process.argv.slice(2);
const ATTEMPTS = 12;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 960 } });
page.setDefaultTimeout(180_000);
await page.goto(address);
const prompt = page.getByLabel("Prompt").first();
await prompt.fill("slow bossa nova, nylon guitar");
await prompt.press("Enter");
await page.getByRole("button", { name: "jazz trio" }).click();
await page.getByRole("button", { name: "Start" }).click();
await page.waitForTimeout(6000);
await page.getByLabel("Brightness", { exact: true }).fill("0.7");
await page.getByRole("button", { name: /^Lead/ }).click();
// Drawing the picture costs the machine more than playing does: begin anew until nothing was missed.
for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("button", { name: "Start" }).click();
  await page.mouse.move(720, 4);
  await page.waitForTimeout(12_000);
  await page.screenshot({ path: out });
  if (await page.evaluate(() => window.legato.stats.underruns === 0)) break;
}
await browser.close();
