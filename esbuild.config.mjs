// `npm run build`, and the first step of `npm start`: every source file becomes a JavaScript file of its own in dist/,
// beside the data files it reads. Types are not checked here (`npm run types` does that), so it takes a second.
import { cpSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const FOLDERS = ['proxy', 'detectors', 'routing-rules', 'restore']
const root = import.meta.dirname
const out = join(root, 'dist')
const stamp = join(out, '.built')

/** Paths from the root; a folder counts, since its time tells of files that went. */
const paths = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
)

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

const newest = Math.max(
  ...[...FOLDERS, ...paths, 'esbuild.config.mjs', 'package-lock.json'].map((path) => changedAt(join(root, path))),
)

/** Files stay apart, so imports of `x.ts` become imports of `x.js`. */
const keepApart = {
  name: 'keep-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
    )
  },
}

// Up to date: another proxy may be running from these files.
if (changedAt(stamp) <= newest) {
  rmSync(out, { recursive: true, force: true })
  await build({
    entryPoints: paths
      .filter((path) => path.endsWith('.ts'))
      .map((path) => ({ in: join(root, path), out: path.slice(0, -3) })),
    outdir: out,
    bundle: true,
    packages: 'external',
    plugins: [keepApart],
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    logLevel: 'warning',
  })
  for (const folder of FOLDERS)
    cpSync(join(root, folder), join(out, folder), { recursive: true, filter: (path) => !path.endsWith('.ts') })
  writeFileSync(stamp, '')
}
