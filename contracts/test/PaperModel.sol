// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPolls} from "../src/interfaces/IPolls.sol";
import {PollResults} from "../src/polls/PollResults.sol";
import {PaperSigning} from "./PaperSigning.sol";

/// The rules of papers once more, as plainly as they can be said: what is remembered is everybody's last paper in words, and
/// tallies are made of these from nothing.
abstract contract PaperModel is PaperSigning {
    enum Fault {
        None,
        OtherKey,
        BentSignature,
        Twin,
        OtherReason,
        OtherPaper,
        OtherAnswer,
        OtherWeight
    }

    struct Item {
        Sheet sheet;
        Fault fault;
        bool isCutOff;
        /// What is written beside the answers, or in their place.
        uint256 smear;
    }

    PollResults internal box;
    uint256 internal paperId;
    uint256[] internal pollIds;
    bool internal isAtClose;
    /// Whether a voter without votes is found out before the signature is looked at.
    bool internal looksAtVotesFirst;

    mapping(uint256 seat => Sheet) internal lastOf;
    bytes internal counted;
    bytes internal skipped;

    function isDead(uint256 voter) internal pure returns (bool) {
        return voter % 13 == 12;
    }

    function openPaper() internal {
        uint48 opens = uint48(time() + 1 hours);
        uint256 first;
        (paperId, first) = box.open(pollParams(), opens, opens + 7 days, isAtClose);
        for (uint256 i; i < asks.length; ++i) pollIds.push(first + i);
        vm.warp(opens + 1);
    }

    /// An item from a number: mostly good, in every way sometimes bad.
    function itemOf(uint256 x) internal view returns (Item memory item) {
        Sheet memory s = item.sheet;
        s.paper = paperId;
        s.weight = isAtClose ? "Votes at the close" : "Votes at the opening";
        s.seat = uint32((x & 0xff) % (VOTERS + 4));
        s.sequence = (x >> 24) % 8 == 0 ? ((x >> 32) % 3) * 127 : 1 + ((x >> 32) % 3);
        if ((x >> 40) % 3 == 0) s.reason = keccak256(abi.encode(x));
        if ((x >> 48) % 3 == 0) item.fault = Fault((x >> 56) % 8);
        if ((x >> 64) % 8 == 0) item.smear = uint256(keccak256(abi.encode("smear", x)));
        s.answers = new uint256[][](asks.length);
        for (uint256 i; i < asks.length; ++i) s.answers[i] = answerOf(asks[i], uint256(keccak256(abi.encode(x, i))));
    }

    function answerOf(Ask storage a, uint256 x) private view returns (uint256[] memory answer) {
        uint256 n = a.options.length;
        if (x % 8 == 0) return answer;
        if (x % 8 == 1) return only(0);
        if (a.kind == IPolls.Kind.Single) return only(1 + ((x >> 8) % n));
        uint256 length = 1 + ((x >> 8) % n);
        answer = new uint256[](length);
        // Neighbours from somewhere on: in order for a set, around the end for a ranking.
        uint256 from = (x >> 16) % (a.kind == IPolls.Kind.Approval ? n - length + 1 : n);
        for (uint256 i; i < length; ++i) answer[i] = ((from + i) % n) + 1;
    }

    function write(Item memory item) internal view returns (bytes memory raw) {
        Sheet memory s = item.sheet;
        uint256 mark = markOf(s);
        if (item.smear != 0) mark = smeared(item);
        uint256 key = s.seat == 0 || s.seat > VOTERS ? keyOf(900) : keyOf(s.seat - 1);
        if (item.fault == Fault.OtherKey) key = keyOf(901);
        if (item.fault == Fault.Twin) return paperTwin(s, mark, key);
        Sheet memory signed = abi.decode(abi.encode(s), (Sheet));
        if (item.fault == Fault.OtherPaper) ++signed.paper;
        if (item.fault == Fault.OtherAnswer) signed.answers[0] = s.answers[0].length == 0 ? only(0) : new uint256[](0);
        if (item.fault == Fault.OtherWeight) signed.weight = isAtClose ? "Votes at the opening" : "Votes at the close";
        raw = paperRecord(signed, mark, key);
        if (item.fault == Fault.BentSignature) raw[raw.length - 10 - (s.reason == 0 ? 0 : 32)] ^= 0x01;
        if (item.fault == Fault.OtherReason) {
            if (s.reason == 0) raw = bytes.concat(bytes1(uint8(raw[0]) | 0x80), tail(raw, 1), bytes32(uint256(1)));
            else raw[raw.length - 1] ^= 0x01;
        }
    }

    /// One bit beyond the answers, or an answer that is none: in a single choice a number too high, in an approval the
    /// highest bit beside one more, in a ranking the same option twice.
    function smeared(Item memory item) internal view returns (uint256 mark) {
        mark = markOf(item.sheet);
        uint256 used;
        for (uint256 i; i < asks.length; ++i) used += widthOf(asks[i]);
        uint256 room = markBits() - 8 - used;
        if (room != 0 && item.smear % 2 == 0) return mark | (1 << (used + ((item.smear >> 8) % room)));
        Ask storage a = asks[0];
        mark &= ~((1 << widthOf(a)) - 1);
        if (a.kind == IPolls.Kind.Single) return mark | (a.options.length + 1);
        if (a.kind == IPolls.Kind.Approval) return mark | (1 << a.options.length) | 1;
        return mark | (item.smear % 4 < 2 ? 0x11 : 0x10);
    }

    /// Why the item does not count, or 0.
    function judge(Item memory item) internal view returns (uint8) {
        Sheet memory s = item.sheet;
        if (item.isCutOff || s.sequence == 0 || s.sequence <= lastOf[s.seat].sequence || item.smear != 0) return 1;
        if (s.seat == 0 || s.seat > VOTERS) return 2;
        if (isDead(s.seat - 1)) return 5;
        bool hasVotes = isAtClose || stakeOf(s.seat - 1) != 0;
        if (looksAtVotesFirst && !hasVotes) return 4;
        if (item.fault != Fault.None) return 3;
        return hasVotes ? 0 : 4;
    }

    function apply_(Item memory item) internal returns (uint8 why) {
        Sheet memory s = item.sheet;
        why = judge(item);
        if (why != 0) {
            skipped = bytes.concat(skipped, abi.encodePacked(s.seat, why));
            return why;
        }
        lastOf[s.seat] = s;
        uint96 weight = isAtClose ? 0 : uint96(weightOf(s.seat - 1));
        counted = bytes.concat(counted, abi.encodePacked(s.seat), packMark(markOf(s)), abi.encodePacked(weight));
    }

    function weightOf(uint256 voter) internal view virtual returns (uint256) {
        return stakeOf(voter);
    }

    function compareMarks() internal view {
        for (uint256 seat; seat < VOTERS + 4; ++seat) {
            uint256 expected = lastOf[seat].sequence == 0 ? 0 : markOf(lastOf[seat]);
            vm.assertEq(box.markOf(paperId, seat), expected, string.concat("mark of seat ", vm.toString(seat)));
        }
    }

    function compareTallies() internal view {
        for (uint256 i; i < asks.length; ++i) {
            compareTally(i);
            if (asks[i].kind == IPolls.Kind.Ranked) compareRankings(i);
        }
    }

    function compareTally(uint256 i) private view {
        uint256[] memory votes = new uint256[](asks[i].options.length);
        (uint256 chose, uint256 abstained, uint256 all, uint256 silent) = (0, 0, 0, 0);
        for (uint256 seat = 1; seat <= VOTERS; ++seat) {
            if (lastOf[seat].sequence == 0) continue;
            uint256 weight = weightOf(seat - 1);
            all += weight;
            uint256[] memory answer = lastOf[seat].answers[i];
            if (answer.length == 0) silent += weight;
            else if (answer[0] == 0) abstained += weight;
            else {
                chose += weight;
                uint256 counts = asks[i].kind == IPolls.Kind.Approval ? answer.length : 1;
                for (uint256 j; j < counts; ++j) votes[answer[j] - 1] += weight;
            }
        }
        (uint256[] memory real, uint256 realChose, uint256 realAbstained) = box.tally(pollIds[i]);
        vm.assertEq(abi.encode(real), abi.encode(votes), "votes");
        vm.assertEq(realChose, chose, "all who chose");
        vm.assertEq(realAbstained, abstained, "abstained");
        vm.assertEq(realChose + realAbstained + silent, all, "every vote is somewhere, once");
    }

    function compareRankings(uint256 i) private view {
        (uint256[] memory list, uint256[] memory votes) = box.rankings(pollIds[i]);
        for (uint256 r; r < list.length; ++r) {
            uint256 expected;
            for (uint256 seat = 1; seat <= VOTERS; ++seat) {
                if (lastOf[seat].sequence == 0) continue;
                (uint256 code, ) = encode(asks[i], lastOf[seat].answers[i]);
                if (code == list[r]) expected += weightOf(seat - 1);
            }
            vm.assertEq(votes[r], expected, "votes of a ranking");
            for (uint256 other; other < r; ++other) vm.assertTrue(list[other] != list[r], "a ranking is listed once");
        }
    }

    function endSome() internal {
        for (uint256 voter; voter < VOTERS; ++voter) {
            if (!isDead(voter)) continue;
            vm.prank(accountOf(voter));
            ids.deactivate(voter + 1);
        }
    }

    function tail(bytes memory raw, uint256 from) internal pure returns (bytes memory rest) {
        rest = new bytes(raw.length - from);
        for (uint256 i; i < rest.length; ++i) rest[i] = raw[from + i];
    }
}
