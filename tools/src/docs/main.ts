import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { builtInRegistry } from './built-in-registry.js';
import { contactSheet } from './contact-sheet.js';
import { manifestPage } from './manifest-page.js';

const file = (name: string): string => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url));

await mkdir(file('images'), { recursive: true });
await writeFile(file('MANIFEST.md'), manifestPage(await builtInRegistry()));
await writeFile(file('images/posters.svg'), await contactSheet(42));
