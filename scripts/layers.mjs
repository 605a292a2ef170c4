// `npm run check`: who may import whom, types included. Prints circles; fails on any of them, and on an arrow up or sideways.
import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')

/** From the ground up: a folder, or a file named here, imports only what stands in a line above its own. */
const layers = [
  ['prompts', 'contracts'],
  ['core/db/tables'],
  ['core'],
  ['core/db', 'core/queue', 'core/chain', 'core/voting', 'core/words', 'core/ai'],
  ['core/settings'],
  ['core/chat'],
  ['core/identity'],
  ['core/relay'],
  ['core/actions'],
  ['core/governance'],
  ['core/listen'],
  ['core/ballots'],
  ['core/delegates', 'core/drafts', 'core/dao', 'core/nomic', 'core/polls', 'core/ids', 'core/mesh'],
  ['core/digest', 'core/reminders', 'core/roles', 'core/ask', 'core/forget', 'core/home'],
  ['core/help.ts', 'core/features.ts', 'core/app.ts', 'core/index.ts'],
  ['bots/discord', 'bots/telegram', 'bots/slack', 'bots/web', 'bots/world'],
  ['bots/start'],
  ['bots/main.ts'],
  ['test/support'],
  ['scripts'],
]

/** Arrows between folders of one line, each with its reason. */
const arrows = {
  'core/polls -> core/nomic': 'a poll belongs to a Nomic DAO: its row, its contracts',
  'core/ids -> core/drafts': 'an address is typed as in a draft',
}

/** Where platforms meet core. */
const face = 'core/index.ts'
const platforms = layers.find((line) => line.includes('bots/discord')).filter((folder) => folder !== 'bots/world')

const names = layers.flat().sort((a, b) => b.length - a.length)
const folderOf = (file) => names.find((name) => file === name || file.startsWith(`${name}/`))
const levelOf = (folder) => layers.findIndex((line) => line.includes(folder))

const files = fs
  .globSync('{core,bots,scripts,test/support}/**/*.{ts,mjs}', { cwd: root })
  .map((file) => file.split(path.sep).join('/'))
const imports = new Map(files.map((file) => [file, importsOf(file)]))
const folders = new Map(names.map((name) => [name, new Set()]))
const faults = []

for (const [file, targets] of imports)
  for (const target of targets) {
    const [from, to] = [folderOf(file), folderOf(target)]
    if (from === undefined || to === undefined) faults.push(`${from ? target : file} is in no layer: name its folder`)
    else if (from !== to) {
      folders.get(from).add(to)
      const isTop = levelOf(from) === levelOf(face) && levelOf(to) === levelOf(face)
      if (levelOf(to) >= levelOf(from) && !isTop && !(`${from} -> ${to}` in arrows))
        faults.push(`${file} -> ${target}: ${to} does not stand below ${from}`)
      else if (platforms.includes(from) && to.startsWith('core') && to !== face)
        faults.push(`${file} -> ${target}: a platform imports ${face} only`)
    }
  }
for (const arrow of Object.keys(arrows)) {
  const [from, to] = arrow.split(' -> ')
  if (!folders.get(from)?.has(to)) faults.push(`${arrow}: nobody needs this arrow any more`)
}
const [ofFiles, ofFolders] = [circles(imports), circles(folders)]
for (const circle of [...ofFiles, ...ofFolders]) faults.push(`a circle: ${circle.join(', ')}`)
console.log(
  `${files.length} files, ${names.length} folders; circles of files: ${ofFiles.length}, of folders: ${ofFolders.length}`,
)
for (const fault of new Set(faults)) console.log(fault)
process.exitCode = faults.length > 0 ? 1 : 0

function importsOf(file) {
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  const found = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^'\n]+\.(?:ts|mjs))'/g)]
  return new Set(found.map(([, to]) => path.posix.join(path.posix.dirname(file), to)))
}

/** Those that reach one another (Tarjan). */
function circles(graph) {
  const [found, index, low, stack] = [[], new Map(), new Map(), []]
  const visit = (node) => {
    index.set(node, index.size)
    low.set(node, index.get(node))
    stack.push(node)
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) visit(next)
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)))
    }
    if (low.get(node) !== index.get(node)) return
    const circle = stack.splice(stack.indexOf(node))
    if (circle.length > 1) found.push(circle)
  }
  for (const node of graph.keys()) if (!index.has(node)) visit(node)
  return found
}
