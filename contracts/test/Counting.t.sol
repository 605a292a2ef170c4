// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBallotCounter} from "../src/interfaces/IBallotCounter.sol";
import {Model} from "./Model.sol";
import {Vm} from "./Vm.sol";

/// Any history of batches comes to the same in the contract and in the model: tallies, marks, and what was said of it.
abstract contract Counting is Model {
    function testFuzz_any_history_of_ballots_counts_as_the_model_says(uint256 seed) public {
        for (uint256 batch; batch < 3; ++batch) {
            seed = next(seed);
            castSome(seed, (seed >> 128) % 14);
        }
        compare();
    }

    function castSome(uint256 seed, uint256 count) internal {
        bytes memory ballots;
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
            ballots = bytes.concat(ballots, raw);
        }
        vm.assertEq(counter.check(proposal, ballots), reasons, "check");
        vm.recordLogs();
        counter.castBallots(proposal, ballots);
        if (count == 0) return;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory last = logs[logs.length - 1];
        vm.assertEq(last.topics[0], IBallotCounter.BallotsCounted.selector, "event");
        vm.assertEq(last.data, abi.encode(counted, skipped), "records");
    }

    function next(uint256 seed) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed)));
    }

    function shorten(bytes memory raw, uint256 length) private pure returns (bytes memory short) {
        short = new bytes(length);
        for (uint256 i; i < length; ++i) short[i] = raw[i];
    }
}

contract FinalBallotsTest is Counting {
    function setUp() public virtual {
        start(false);
    }

    function start(bool changeOfMind) internal {
        layGround();
        makeDao(changeOfMind);
        for (uint256 i; i < VOTERS; ++i) {
            if (i != VOTERS - 1) dao.enrol(list(i + 1, 1));
        }
        proposal = openProposal();
        dao.enrol(list(VOTERS, 1));
        endSome();
        (counter, domain, lastSequence, isFinal) = (dao, daoDomain(), 14, !changeOfMind);
    }

    /// The last one took the seat too late.
    function isSeated(uint256 voter) internal pure override returns (bool) {
        return voter != VOTERS - 1;
    }

    function votes() internal view override returns (uint256[4] memory v) {
        (v[1], v[2], v[3]) = dao.proposalVotes(proposal);
    }
}

contract ChangingMindsTest is FinalBallotsTest {
    function setUp() public override {
        start(true);
    }
}
