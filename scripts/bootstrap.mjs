// Runs on any Node >= 20.11 with nothing installed: installs the locked packages when they are missing or other than
// the lock says, then hands over to the Node 24 among them.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const windows = process.platform === 'win32'
const stamp = path.join(root, 'node_modules', '.autoco-lock')
const [verb, ...args] = process.argv.slice(2)

install()
const node = newNode()
if (verb === 'start') hand(['bots/main.ts', ...args])

function install() {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'))
  const wanted = createHash('sha256')
    .update(lock)
    .update(process.platform + process.arch)
    .digest('hex')
  if (read(stamp) === wanted) return
  console.log('Installing packages (about 250 MB, once) …')
  const result = spawnSync('npm', ['ci'], { cwd: root, stdio: 'inherit', shell: windows })
  if (result.status !== 0)
    stop('npm ci failed: the lines above say why. Is the network there, and 1 GB of disk free?', result.status ?? 1)
  fs.writeFileSync(stamp, wanted)
}

function newNode() {
  const local = path.join(root, 'node_modules', '.bin', windows ? 'node.cmd' : 'node')
  const found = fs.existsSync(local) ? local : process.execPath
  const major = Number(spawnSync(found, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }).stdout)
  if (!(major >= 24))
    stop(
      `AutoCo needs Node 24, and npm has none for ${process.platform}-${process.arch}. Install Node 24; this is ${process.version}.`,
      1,
    )
  return found
}

function hand(command) {
  const cache = path.join(root, 'node_modules', '.cache', 'autoco')
  const env = { NODE_COMPILE_CACHE: cache, ...process.env }
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...command], { cwd: root, stdio: 'inherit', env })
  // A supervisor signals this process alone. Ctrl-C in a terminal reaches the child by itself as well, and once stopping it
  // heeds no second one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('close', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function stop(words, code) {
  console.error(words)
  process.exit(code)
}
