#!/usr/bin/env node
// The compiler as forge wants it: answers `--version`, and `--standard-json` on stdin with solc-js from npm. There is no
// native solc on npm. What was compiled once is kept by its content, so a second profile or a clean build takes a second.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)
const cache = path.resolve(import.meta.dirname, '..', 'node_modules', '.cache', 'solc')
const { version } = require('solc/package.json')

// Forge asks on every command, and loading the compiler takes half a second.
if (process.argv.includes('--version')) console.log(`Version: ${version}+commit.00000000.Emscripten.clang`)
else process.stdout.write(compileOnce(fs.readFileSync(0, 'utf8')))

function compileOnce(input) {
  const name = createHash('sha256').update(`${version}\0${input}`).digest('hex')
  const file = path.join(cache, `${name}.json`)
  if (fs.existsSync(file)) return fs.readFileSync(file)
  const output = require('solc').compile(input)
  fs.mkdirSync(cache, { recursive: true })
  fs.writeFileSync(`${file}.${process.pid}`, output)
  fs.renameSync(`${file}.${process.pid}`, file)
  return output
}
