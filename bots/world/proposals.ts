/** What a proposal of the embedded world does when it is executed. Amounts are whole tokens or ether. */
export type Deed =
  | { pay: number; of: 'token' | 'ether'; to: string }
  | { set: 'proposalThreshold' | 'votingDelay'; value: number }

export type Draft = { text: string; deeds: readonly Deed[]; talk?: readonly { who: string; says: string }[] }

const payee = (n: number): string => `0x${n.toString(16).padStart(2, '0').repeat(20)}`

export const treasuryReport: Draft = {
  text: `# Publish a treasury report every month

## Summary
The stewards publish a report on the first working day of each month: balances, payments of the month with their proposals, and what is promised but not yet paid.

## Why
Three of the last five discussions began with the question of how much the DAO holds. The chain knows, but reading a timelock's history takes an hour, and two people who tried came to different numbers because one of them left out queued payments.

## Cost
The work takes about six hours a month. We ask for **600 AUTO** once, as pay for the first half year, to the person who writes the reports. After that a new proposal decides whether to go on.`,
  deeds: [{ pay: 600, of: 'token', to: payee(0xa1) }],
}

export const higherThreshold: Draft = {
  text: `# Raise the proposal threshold to 25,000 AUTO

## Summary
Today anyone with 1,000 AUTO behind them may put a proposal to the vote. This proposal raises that to 25,000.

## Motivation
Voters were asked eleven times in one month. Four of those proposals had no discussion before they were posted, and two were withdrawn within a day. A higher threshold makes an author look for supporters first.

## Drawbacks
Only six accounts reach 25,000 today. People who joined this year would depend on one of those six. Delegation helps, but it has to be asked for.`,
  deeds: [{ set: 'proposalThreshold', value: 25_000 }],
}

export const livestream: Draft = {
  text: `# Pay for a year of captioned meeting streams

## Summary
Our weekly meeting is streamed without captions. This proposal pays a captioner for 48 meetings, so that people who cannot listen can follow and search the meetings afterwards.

## Budget
- 48 meetings at 25 AUTO each: **1,200 AUTO**
- A spare microphone and cables: **0.4 ETH**

Both go to the events team, which publishes the invoices in the treasury report.

## Terms
The captioner is chosen by the events team among three offers. If fewer than 40 meetings are captioned by the end of the year, the rest is returned to the treasury.`,
  deeds: [
    { pay: 1_200, of: 'token', to: payee(0xb2) },
    { pay: 0.4, of: 'ether', to: payee(0xb2) },
  ],
}

export const officeHours: Draft = {
  text: `# Keep office hours in two time zones

## Summary
Since spring two volunteers have kept open office hours, one at 08:00 UTC and one at 20:00 UTC. They answered 212 questions in 26 weeks. This proposal pays them for another 26 weeks.

## Budget
Two people, 26 weeks, 20 AUTO a week each: **1,040 AUTO** in all.

## What we learned
The morning hour has fewer visitors but longer questions, mostly about setting up a wallet. The evening hour is busy and mostly about open proposals. Closing either would save half the cost and lose one half of the world.`,
  deeds: [{ pay: 1_040, of: 'token', to: payee(0xc3) }],
}

export const accessibility: Draft = {
  text: `# Fund an accessibility audit of the voting pages

## Summary
We ask the treasury for **4,800 AUTO** and **1.5 ETH** to have the pages on which people link a wallet and sign a ballot examined by people who use a screen reader, a keyboard alone, or a phone with large text, and to repair what they find.

## Motivation
A vote that can only be cast with a mouse is not an equal vote. In the survey of last autumn 9 of 140 answers said that the writer gave up while signing. Five of them named the same step: the typed data is read aloud as one long number, and the choice drowns in it.

The pages changed twice since, but nobody has tested them with the people concerned.

## Plan
1. **Weeks 1 and 2.** Six testers, each with the tools they use every day, link an account and vote on a test chain. Sessions are recorded with their consent.
2. **Week 3.** A written report, sorted by how many people each fault keeps from voting.
3. **Weeks 4 to 7.** Repairs by the web team, in the order of the report.
4. **Week 8.** The same testers come back, and the report says what is left.

## Budget

| item | AUTO | ETH |
| --- | ---: | ---: |
| six testers, two sessions each | 1,800 | |
| report | 600 | |
| repairs, about 40 hours | 2,400 | |
| devices and screen reader licences | | 1.5 |
| **together** | **4,800** | **1.5** |

## Risks
Testers may be hard to find in time; then weeks 1 and 2 move, and the price stays. Repairs may take longer than 40 hours; what is left over goes into a list that anyone can pick from, and no further money is asked for under this proposal.

## What a vote means
*For*: both payments are made from the treasury to the accessibility team when the timelock has passed. *Against*: nothing is paid, and the pages stay as they are.`,
  deeds: [
    { pay: 4_800, of: 'token', to: payee(0xd4) },
    { pay: 1.5, of: 'ether', to: payee(0xd4) },
  ],
  talk: [
    {
      who: 'ada',
      says: 'I support this. My brother votes with a screen reader and needed twenty minutes for one ballot last month, because the page read him the whole typed data.',
    },
    {
      who: 'ben',
      says: 'The aim is right but 2,400 AUTO for 40 hours of repairs is 60 an hour. The web team asked 45 an hour in the last two proposals. Why is this one higher?',
    },
    {
      who: 'chen',
      says: 'Because the repairs include the retest in week 8, which was separate work before. I would still like to see the hours published week by week.',
    },
    {
      who: 'ben',
      says: 'Thanks, publishing the hours would settle it for me. With that I vote for.',
    },
    {
      who: 'dora',
      says: 'I am against paying for licences. Two of the three usual screen readers are free, and 1.5 ETH is a lot for the third.',
    },
    {
      who: 'ada',
      says: 'The licences are 0.3 ETH of it, the rest is four second-hand phones and two tablets. I asked the team and they will put the list into the report.',
    },
    { who: 'eli', says: 'Who owns the phones afterwards? They should go into the lending pool.' },
  ],
}

export const grantsRound: Draft = {
  text: `# Open a spring round of small grants

## Summary
A round of small grants for tools that members use: **20 grants of at most 500 AUTO each**, so no more than 10,000 AUTO. The money goes to the grants committee in one payment and what is not granted comes back.

## How it works
Anyone may apply with one page: what it does, who uses it, what it costs. Applications are open for three weeks and are discussed in public. The committee of five decides by three votes and publishes its reasons, also for what it turns down.

## Why small
In the autumn round two large grants took 80% of the money and one of them was never finished. The eleven small ones were all delivered, nine of them on time.

## Conflicts of interest
A member of the committee who applies, or works with an applicant, does not vote on that application.`,
  deeds: [{ pay: 10_000, of: 'token', to: payee(0xe5) }],
  talk: [
    {
      who: 'chen',
      says: 'Good that the limit is low. I would add that half is paid at the start and half when it works.',
    },
    { who: 'dora', says: 'For. The small grants of autumn were the best money we spent this year.' },
  ],
}

export const newStove: Draft = {
  text: `# Replace the stove in the workshop

## Proposal
The wood stove is cracked and failed its inspection. We buy a used one with a valid certificate and pay the chimney sweep for the connection.

## Cost
**350 HARBOR** for the stove and **150 HARBOR** for the connection, 500 in all, to the house committee.`,
  deeds: [{ pay: 500, of: 'token', to: payee(0x51) }],
}

export const openSaturday: Draft = {
  text: `# Open the workshop to everyone on Saturdays

## Proposal
From next month the workshop is open to non-members on Saturdays from 10:00 to 16:00. Two members are present, paid **15 HARBOR** a day each, for half a year: 26 Saturdays, **780 HARBOR**.

## Why
Last year 31 people asked at the door and could not come in. Eight of our nineteen newest members first came on an open day.

## Rules
Visitors use hand tools and the drill press. Saws and the lathe stay locked. Everyone signs in.`,
  deeds: [{ pay: 780, of: 'token', to: payee(0x52) }],
  talk: [
    { who: 'eli', says: 'For. I came to the workshop on an open day myself.' },
    {
      who: 'ada',
      says: 'Against in this form: on Saturdays most members finally have time to work, and the benches are full already. Sundays would be fine.',
    },
  ],
}

export const laserCutter: Draft = {
  text: `# Buy a second-hand laser cutter

## Proposal
A school nearby sells its laser cutter, four years old, with 900 hours on the tube. They ask **2,400 HARBOR**. Members pay 2 HARBOR for each hour of use, which covers a new tube after about 600 hours.

## Conditions
1. The seller shows it cutting 6 mm plywood before we pay.
2. The extraction is connected to the old spray booth, cost **180 HARBOR**.
3. Nobody uses it without the two-hour introduction.

## Alternatives
A new one of the same size costs 6,100 HARBOR. Renting hours in the city costs 9 HARBOR an hour and a bus ride.`,
  deeds: [{ pay: 2_580, of: 'token', to: payee(0x53) }],
  talk: [
    { who: 'ben', says: 'Good price. I looked at it last week and the mirrors are clean.' },
    {
      who: 'chen',
      says: 'What about the fumes? The spray booth fan moves 400 cubic metres an hour and the manual asks for 600.',
    },
  ],
}

/** Opened one after the other while the world runs; after the last the first comes again, as a next round. */
export const later: Record<'auto' | 'harbor', readonly Draft[]> = {
  auto: [
    {
      text: `# Translate the member guide into four languages

## Summary
The member guide exists in English only. We pay translators for Spanish, Portuguese, Swahili and Chinese, and a reader for each who corrects the first version.

## Budget
Four translations at 450 AUTO and four readers at 100 AUTO: **2,200 AUTO**, paid to the documentation team when all four are published.

## Upkeep
The guide changes about twice a year. The documentation team marks changed paragraphs, so a translation can be brought up to date in an afternoon.`,
      deeds: [{ pay: 2_200, of: 'token', to: payee(0xf6) }],
    },
    {
      text: `# Shorten the voting delay to half a minute

## Summary
Between the posting of a proposal and the beginning of the vote one minute passes today. Nobody uses it. This proposal sets it to 30 seconds.

## Drawbacks
Who wants to delegate before the snapshot has half a minute less. Since delegation is announced in the channel and proposals are discussed before they are posted, we think that this hurts nobody.`,
      deeds: [{ set: 'votingDelay', value: 30 }],
    },
    {
      text: `# Give a stipend to three students

## Summary
Three students work on open governance tools over the summer. Each gets **900 AUTO** for ten weeks and a mentor among the members.

## Choice
Applications come with a sample of work. A panel of three mentors chooses; no mentor decides on a student of their own university.

## Result
Every student gives a talk in the weekly meeting and publishes what they made under an open licence.`,
      deeds: [{ pay: 2_700, of: 'token', to: payee(0xf7) }],
    },
  ],
  harbor: [
    {
      text: `# Repair the slipway before winter

## Proposal
The lower third of the slipway has washed out and boats scrape on the edge. A mason fills and reinforces it for **1,150 HARBOR**; members bring the gravel.

## Timing
It must be done at the spring tide, which leaves two weekends. After that the next chance is in March.`,
      deeds: [{ pay: 1_150, of: 'token', to: payee(0x54) }],
    },
    {
      text: `# Lend tools to the neighbourhood

## Proposal
Forty of our tools are used less than once a month. We put them on a list that anyone in the neighbourhood may borrow from for a week, against a deposit.

## Cost
Labels, boxes and a shelf at the door: **120 HARBOR**. Two volunteers keep the list.`,
      deeds: [{ pay: 120, of: 'token', to: payee(0x55) }],
    },
  ],
}
