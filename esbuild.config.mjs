// `npm run build`, and the first step of `npm start`: every source file becomes a JavaScript file of its own in dist/,
// beside the data files it reads. Types are not checked here (`npm run types` does that), so it takes a second.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const FOLDERS = ['proxy', 'detectors', 'routing-rules', 'restore']
const root = import.meta.dirname
const out = join(root, 'dist')
const stamp = join(out, '.built')

/** From the root. */
const paths = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
).sort()

/** Names, sizes and times of everything the build is made from: an older file put in its place is a change too. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const path of [...paths, 'esbuild.config.mjs', 'package-lock.json']) {
    const stat = statSync(join(root, path), { throwIfNoEntry: false })
    if (stat?.isFile()) hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`)
  }
  return hash.digest('hex')
}

const sources = fingerprint()

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
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== sources) {
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
  writeFileSync(stamp, sources)
}
