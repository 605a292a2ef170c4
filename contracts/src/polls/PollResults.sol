// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPolls} from "../interfaces/IPolls.sol";
import {PollBook} from "./PollBook.sol";
import {PollRules} from "./PollRules.sol";
import {RunOff} from "./RunOff.sol";

/// What polls come to.
abstract contract PollResults is PollBook {
    /// @inheritdoc IPolls
    function pollRecord(uint256 poll) public view returns (PollRecord memory r) {
        Poll storage p = _poll(poll);
        r = PollRules.read(p.words);
        (r.paper, r.author, r.isWithdrawn) = (p.paper, p.author, p.isWithdrawn);
    }

    /// @inheritdoc IPolls
    function paperRecord(uint256 paper) external view returns (PaperRecord memory r) {
        Paper storage p = _paper(paper);
        (r.opens, r.closes, r.isAtClose, r.isWeighed) = (p.opens, p.closes, p.isAtClose, p.isWeighed);
        (r.seatBits, ) = _format(p.bits);
        r.polls = new uint256[](p.polls.length);
        for (uint256 i; i < r.polls.length; ++i) r.polls[i] = p.polls[i];
    }

    /// @inheritdoc IPolls
    function tally(
        uint256 poll
    ) public view returns (uint256[] memory votes, uint256 participating, uint256 abstained) {
        PollRecord memory r = pollRecord(poll);
        Poll storage p = _polls[poll];
        bool isSingle = r.kind == Kind.Single;
        abstained = _cell(p, r.options.length + (isSingle ? 1 : 2));
        votes = new uint256[](r.options.length);
        if (r.kind == Kind.Ranked) {
            (uint256[] memory list, uint256[] memory weights) = rankings(poll);
            for (uint256 i; i < list.length; ++i) votes[(list[i] & 15) - 1] += weights[i];
        } else {
            for (uint256 i; i < votes.length; ++i) votes[i] = _cell(p, i + 1);
        }
        if (!isSingle) return (votes, _cell(p, votes.length + 1), abstained);
        for (uint256 i; i < votes.length; ++i) participating += votes[i];
    }

    /// @inheritdoc IPolls
    function rankings(uint256 poll) public view returns (uint256[] memory list, uint256[] memory votes) {
        Poll storage p = _poll(poll);
        list = new uint256[](p.rankings.length);
        votes = new uint256[](list.length);
        for (uint256 i; i < list.length; ++i) {
            list[i] = p.rankings[i];
            votes[i] = _votesOf(p, list[i]);
        }
    }

    /// @inheritdoc IPolls
    function runOff(uint256 poll) public view returns (uint256 winner, uint256[][] memory rounds) {
        PollRecord memory r = pollRecord(poll);
        if (r.kind != Kind.Ranked) revert BadRules();
        (uint256[] memory list, uint256[] memory weights) = rankings(poll);
        return RunOff.count(list, weights, r.options.length, r.majority == Majority.Active);
    }

    /// @inheritdoc IPolls
    function outcome(uint256 poll) external view returns (uint256 winner, Verdict verdict, bool isFinal) {
        PollRecord memory r = pollRecord(poll);
        Paper storage paper = _papers[r.paper];
        isFinal = block.timestamp > paper.closes && (!paper.isAtClose || paper.isWeighed);
        (uint256[] memory votes, uint256 participating, uint256 abstained) = tally(poll);
        if (participating == 0) verdict = Verdict.NoVotes;
        else if (participating + abstained < r.minimum) verdict = Verdict.TooFewVotes;
        else if (r.kind == Kind.Ranked) {
            uint256[][] memory rounds;
            (winner, rounds) = runOff(poll);
            if (winner == 0) verdict = _leader(rounds[rounds.length - 1]) == 0 ? Verdict.Tie : Verdict.NoMajority;
        } else {
            winner = _leader(votes);
            if (winner == 0) verdict = Verdict.Tie;
            else if (r.majority != Majority.None && votes[winner - 1] * 2 <= participating) verdict = Verdict.NoMajority;
        }
        if (verdict != Verdict.Elected) winner = r.fallback_;
    }

    /// The option with the most votes, 0 when there are two.
    function _leader(uint256[] memory votes) private pure returns (uint256 leader) {
        uint256 best;
        for (uint256 i; i < votes.length; ++i) {
            if (votes[i] > best) (best, leader) = (votes[i], i + 1);
            else if (votes[i] == best) leader = 0;
        }
    }
}
