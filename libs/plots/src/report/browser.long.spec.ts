import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { projectReport } from '@scalelab/recording';
import { exampleRecording } from '@scalelab/recording/testing';
import { tempDir } from '@scalelab/testing';
import { chromium, type Browser, type Page } from 'playwright-core';
import { reportPage } from '..';

const executablePath = spawnSync('sh', ['-c', 'command -v chromium || command -v google-chrome'], {
  encoding: 'utf8',
}).stdout.trim();
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const test = executablePath ? it : it.skip;

describe('the report page in a browser', () => {
  let browser: Browser | undefined;
  let url = '';

  beforeAll(async () => {
    if (!executablePath) {
      process.stdout.write('skipped: no chromium on this machine\n');
      return;
    }
    const file = join(tempDir(), 'report.html');
    const recording = exampleRecording();
    writeFileSync(file, reportPage(projectReport(recording), recording));
    url = `file://${file}`;
    browser = await chromium.launch({ executablePath, args });
  }, 60_000);
  afterAll(() => browser?.close());

  async function open(
    width: number,
    colorScheme: 'light' | 'dark',
    look: (page: Page, problems: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const context = await browser?.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context?.newPage();
    if (!context || !page) throw new Error('no browser');
    const problems: string[] = [];
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => request.url() !== url && problems.push(request.url()));
    await page.goto(url);
    await look(page, problems);
    await context.close();
  }

  test.each([
    [1400, 'light'],
    [420, 'dark'],
  ] as const)(
    'explains decisions by arrow keys and pointer at %d pixels, %s',
    async (width, scheme) => {
      await open(width, scheme, async (page, problems) => {
        const picture = page.locator(width > 720 ? '.wide-plot' : '.narrow-plot').first();
        const card = page.locator('[data-card]').first();
        await picture.focus();
        await page.keyboard.press('ArrowRight');
        expect(await card.innerText()).toContain('Scaled up 0 → 1');
        await page.keyboard.press('End');
        expect(await card.innerText()).toContain('Scaled down 1 → 0');
        await picture.locator('[data-decision="1"]').hover();
        expect(await card.innerText()).toContain('ceil(value / target)');
        expect(await picture.locator('.chosen').count()).toBe(1);
        expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        expect(problems).toEqual([]);
      });
    },
    60_000,
  );

  test.each(['light', 'dark'] as const)(
    'passes the accessibility rules of axe, %s',
    async (scheme) => {
      await open(1400, scheme, async (page) => {
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`)).toEqual([]);
      });
    },
    60_000,
  );
});
