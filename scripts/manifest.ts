/** Prints the manifest of the Slack app, made from the commands and settings: paste it at api.slack.com/apps. */
import fs from 'node:fs'
import { slackManifest } from '../bots/slack/manifest.ts'
import { parseConfig } from '../core/config.ts'
import { commands } from '../core/features.ts'

if (fs.existsSync('.env')) process.loadEnvFile('.env')
const { PUBLIC_URL } = process.env
// Other settings may still be missing: the manifest is what one begins with.
const config = parseConfig(PUBLIC_URL ? { PUBLIC_URL } : {})
console.log(JSON.stringify(slackManifest({ commands, publicUrl: config.PUBLIC_URL }), undefined, 2))
