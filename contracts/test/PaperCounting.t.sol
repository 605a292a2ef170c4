// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPaperCounter} from "../src/interfaces/IPaperCounter.sol";
import {IPolls} from "../src/interfaces/IPolls.sol";
import {TokenPolls} from "../src/polls/TokenPolls.sol";
import {PaperModel} from "./PaperModel.sol";
import {Vm} from "./Vm.sol";

/// Any history of batches comes to the same in the contract and in the model: tallies, rankings, marks, and what was said of it.
abstract contract PaperCounting is PaperModel {
    function testFuzz_any_history_of_papers_counts_as_the_model_says(uint256 seed) public virtual {
        for (uint256 batch; batch < 3; ++batch) {
            seed = next(seed);
            castSome(seed, (seed >> 128) % 10);
        }
        compareMarks();
        compareTallies();
    }

    function castSome(uint256 seed, uint256 count) internal {
        bytes memory papers;
        bytes memory reasons;
        (counted, skipped) = ("", "");
        bytes memory previous;
        Item memory item;
        for (uint256 i; i < count; ++i) {
            seed = next(seed);
            if (i == 0 || (seed >> 200) % 6 != 0) {
                item = itemOf(seed);
                previous = write(item);
            }
            bytes memory raw = previous;
            item.isCutOff = i == count - 1 && (seed >> 208) % 3 == 0;
            if (item.isCutOff) raw = shorten(raw, 6 + ((seed >> 216) % 60));
            reasons = bytes.concat(reasons, bytes1(apply_(item)));
            papers = bytes.concat(papers, raw);
        }
        vm.assertEq(box.check(paperId, papers), reasons, "check");
        vm.recordLogs();
        box.castPapers(paperId, papers);
        if (count == 0) return;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory last = logs[logs.length - 1];
        vm.assertEq(last.topics[0], IPaperCounter.PapersCounted.selector, "event");
        vm.assertEq(last.data, abi.encode(counted, skipped), "records");
    }

    function next(uint256 seed) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed)));
    }

    function shorten(bytes memory raw, uint256 length) private pure returns (bytes memory short) {
        short = new bytes(length);
        for (uint256 i; i < length; ++i) short[i] = raw[i];
    }
}

/// Marks of 32 bits, eight a word.
contract PapersTest is PaperCounting {
    function setUp() public virtual {
        layGround();
        makeNomic();
        nomic.enrol(list(1, VOTERS - 1));
        (box, paperDomain) = (polls, domainOf("Nomic Polls", address(polls)));
        looksAtVotesFirst = !isAtClose;
        askAll();
        openPaper();
        // In a poll a late seat counts.
        nomic.enrol(list(VOTERS, 1));
        endSome();
    }

    function askAll() internal virtual {
        ask(IPolls.Kind.Single, 3);
        ask(IPolls.Kind.Approval, 3);
        ask(IPolls.Kind.Ranked, 3);
    }
}

/// Marks of 64 bits, four a word; after every voter's votes have moved since the opening: the book is younger than the
/// paper and is not believed.
contract PapersAfterMovesTest is PapersTest {
    function setUp() public override {
        super.setUp();
        for (uint256 i; i < VOTERS; ++i) {
            if (stakeOf(i) == 0) continue;
            vm.prank(accountOf(i));
            nomic.transfer(accountOf((i + 1) % VOTERS), stakeOf(i));
        }
        looksAtVotesFirst = false;
    }

    function askAll() internal override {
        ask(IPolls.Kind.Single, 15);
        ask(IPolls.Kind.Approval, 4);
        ask(IPolls.Kind.Ranked, 4);
    }
}

/// Marks of 128 bits, two a word.
contract WidePapersTest is PapersTest {
    function askAll() internal override {
        ask(IPolls.Kind.Ranked, 8);
        ask(IPolls.Kind.Approval, 24);
        ask(IPolls.Kind.Single, 14);
    }
}

/// Marks of 256 bits, one a word and not a bit to spare.
contract WidestPapersTest is PapersTest {
    function askAll() internal override {
        for (uint256 i; i < 3; ++i) ask(IPolls.Kind.Approval, 24);
        for (uint256 i; i < 3; ++i) ask(IPolls.Kind.Ranked, 8);
        ask(IPolls.Kind.Ranked, 4);
        ask(IPolls.Kind.Approval, 24);
        ask(IPolls.Kind.Ranked, 7);
        ask(IPolls.Kind.Ranked, 2);
    }
}

/// Any token, whose votes are asked for one by one; seats in the contract itself.
contract TokenPapersTest is PaperCounting {
    function setUp() public {
        layGround();
        makeDao(false);
        TokenPolls own = new TokenPolls("Token Polls", address(ids), token, 0);
        own.enrol(list(1, VOTERS - 1));
        (box, paperDomain) = (own, domainOf("Token Polls", address(own)));
        ask(IPolls.Kind.Single, 3);
        ask(IPolls.Kind.Approval, 5);
        ask(IPolls.Kind.Single, 2);
        openPaper();
        own.enrol(list(VOTERS, 1));
        endSome();
    }
}

/// Weights are those at the close, counted afterwards in pieces of any size.
contract PapersAtCloseTest is PapersTest {
    uint256[40] private atClose;

    function setUp() public override {
        isAtClose = true;
        super.setUp();
    }

    function testFuzz_any_history_of_papers_counts_as_the_model_says(uint256 seed) public override {
        for (uint256 batch; batch < 3; ++batch) {
            seed = next(seed);
            castSome(seed, (seed >> 128) % 10);
            move(seed);
        }
        for (uint256 i; i < VOTERS; ++i) atClose[i] = nomic.balanceOf(accountOf(i));
        vm.warp(box.paperRecord(paperId).closes + 1);
        move(next(seed));
        for (uint256 calls; !box.weigh(paperId, 1 + (seed % 17)); ++calls) {
            vm.assertFalse(box.paperRecord(paperId).isWeighed, "weighed too early");
            vm.assertLe(calls, VOTERS, "weighing ends");
            seed = next(seed);
            move(seed);
        }
        vm.assertTrue(box.paperRecord(paperId).isWeighed, "weighed");
        compareMarks();
        compareTallies();
        vm.expectRevert();
        box.weigh(paperId, 100);
    }

    function move(uint256 seed) private {
        (uint256 from, uint256 to) = ((seed >> 8) % VOTERS, (seed >> 16) % VOTERS);
        uint256 amount = bound(seed >> 24, 0, nomic.balanceOf(accountOf(from)));
        vm.prank(accountOf(from));
        nomic.transfer(accountOf(to), amount);
    }

    function weightOf(uint256 voter) internal view override returns (uint256) {
        return atClose[voter];
    }
}
