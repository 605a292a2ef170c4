// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPolls} from "../src/interfaces/IPolls.sol";
import {PaperSigning} from "./PaperSigning.sol";

/// Polls of the Nomic DAO with all voters seated but the last, and short ways to ask and to answer.
abstract contract PollsWorld is PaperSigning {
    uint256 internal paperId;
    uint256 internal firstPoll;
    bool internal isAtClose;

    function layPolls() internal {
        layGround();
        makeNomic();
        nomic.enrol(list(1, VOTERS - 1));
        paperDomain = domainOf("Nomic Polls", address(polls));
    }

    function openAsked() internal {
        openWith(pollParams());
    }

    function openWith(IPolls.PollParams[] memory params) internal {
        uint48 opens = uint48(time() + 1 hours);
        (paperId, firstPoll) = polls.open(params, opens, opens + 7 days, isAtClose);
        vm.warp(opens + 1);
    }

    /// A paper with one answer.
    function one(uint256[] memory a) internal pure returns (uint256[][] memory answers) {
        answers = new uint256[][](1);
        answers[0] = a;
    }

    function two(uint256[] memory a, uint256[] memory b) internal pure returns (uint256[][] memory answers) {
        answers = new uint256[][](2);
        (answers[0], answers[1]) = (a, b);
    }

    function none() internal pure returns (uint256[] memory) {
        return new uint256[](0);
    }

    function pair(uint256 a, uint256 b) internal pure returns (uint256[] memory l) {
        l = new uint256[](2);
        (l[0], l[1]) = (a, b);
    }

    function sheet(uint256 voter, uint256 sequence, uint256[][] memory answers) internal view returns (Sheet memory s) {
        s.paper = paperId;
        s.weight = isAtClose ? "Votes at the close" : "Votes at the opening";
        (s.seat, ) = nomic.seatOf(accountOf(voter));
        s.sequence = sequence;
        s.answers = answers;
    }

    function signed(uint256 voter, uint256 sequence, uint256[][] memory answers) internal view returns (bytes memory) {
        Sheet memory s = sheet(voter, sequence, answers);
        return paperRecord(s, markOf(s), keyOf(voter));
    }

    function cast(uint256 voter, uint256 sequence, uint256[][] memory answers) internal {
        polls.castPapers(paperId, signed(voter, sequence, answers));
    }

    function close() internal {
        vm.warp(polls.paperRecord(paperId).closes + 1);
    }

    function expectVotes(uint256 poll, uint256[] memory votes, uint256 abstained) internal view {
        (uint256[] memory real, , uint256 realAbstained) = polls.tally(poll);
        vm.assertEq(abi.encode(real), abi.encode(votes), "votes");
        vm.assertEq(realAbstained, abstained, "abstained");
    }

    function expectOutcome(uint256 winner, IPolls.Verdict verdict) internal view {
        (uint256 real, IPolls.Verdict realVerdict, ) = polls.outcome(firstPoll);
        vm.assertEq(uint256(realVerdict), uint256(verdict), "verdict");
        vm.assertEq(real, winner, "winner");
    }
}
