// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChief} from "../src/interfaces/IChief.sol";
import {Chief} from "../src/nomic/Chief.sol";
import {ChiefWorld} from "./ChiefWorld.sol";
import {HostileWallet} from "./Hostile.sol";
import {Vm} from "./Vm.sol";
import {TestWallet} from "./Wallets.sol";

/// Voters lock all they have; voter i without the poor ones in between has its own seat.
contract ApprovalsTest is ChiefWorld {
    address internal one = spell(1);
    address internal two = spell(2);

    function setUp() public {
        makeChief();
        for (uint256 voter; voter < 12; ++voter) {
            if (stakeOf(voter) != 0) lock(voter, stakeOf(voter));
        }
    }

    function test_signed_approvals_count_in_a_batch() public {
        bytes memory batch = bytes.concat(
            approval(0, 1, spells_(one)),
            approval(1, 1, spells_(one, two)),
            approval(2, 1, spells_(two))
        );
        vm.assertEq(chief.check(batch), hex"000000", "check");
        vm.recordLogs();
        chief.castApprovals(batch);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 1, "one log");
        bytes memory records = bytes.concat(counted(0, 1, one, address(0)), counted(1, 1, one, two), counted(2, 1, two, address(0)));
        vm.assertEq(logs[0].data, abi.encode(records, bytes("")), "what it says");
        expectApprovals(one, stakeOf(0) + stakeOf(1), "one");
        expectApprovals(two, stakeOf(1) + stakeOf(2), "two");
    }

    function test_the_newest_sequence_wins_whenever_it_comes() public {
        (bytes memory older, bytes memory newer) = (approval(1, 3, spells_(one)), approval(1, 4, spells_(two)));
        chief.castApprovals(newer);
        vm.assertEq(chief.check(older), hex"01", "check");
        chief.castApprovals(bytes.concat(older, newer));
        expectApprovals(one, 0, "one");
        expectApprovals(two, stakeOf(1), "two, once");
    }

    function test_of_two_with_the_same_sequence_the_first_counts() public {
        bytes memory both = bytes.concat(approval(1, 1, spells_(one)), approval(1, 1, spells_(two)));
        vm.assertEq(chief.check(both), hex"0001", "check");
        chief.castApprovals(both);
        expectApprovals(one, stakeOf(1), "one");
        expectApprovals(two, 0, "two");
    }

    function test_a_mind_changed_within_a_batch_counts_once() public {
        chief.castApprovals(bytes.concat(approval(1, 1, spells_(one)), approval(1, 2, spells_(one, two)), approval(1, 3, spells_(two))));
        expectApprovals(one, 0, "one");
        expectApprovals(two, stakeOf(1), "two");
    }

    function test_wallet_and_signature_meet_in_one_seat() public {
        bytes memory signed = approval(1, 1, spells_(one));
        bytes memory next = approval(1, 2, spells_(one));
        voteFor(1, spells_(two));
        vm.assertEq(chief.check(signed), hex"01", "what was signed before is over");
        chief.castApprovals(next);
        expectApprovals(one, stakeOf(1), "signed afterwards");
        expectApprovals(two, 0, "the wallet's own is taken back");
        voteFor(1, spells_(two));
        expectApprovals(one, 0, "and the signed one too");
        expectApprovals(two, stakeOf(1), "once");
    }

    function test_what_is_locked_later_follows_a_signed_approval() public {
        chief.castApprovals(approval(5, 1, spells_(one)));
        lock(20, 1e18);
        chief.castApprovals(approval(20, 1, spells_(one)));
        lock(20, 2e18);
        free(20, 1e18);
        expectApprovals(one, stakeOf(5) + 2e18, "one");
    }

    function test_the_addresses_are_signed_not_the_number_of_the_slate() public {
        bytes memory signed = approval(1, 1, spells_(one));
        uint32 other = chief.etch(spells_(two));
        bytes4 number = bytes4(other);
        for (uint256 i; i < 4; ++i) signed[6 + i] = number[i];
        vm.assertEq(chief.check(signed), hex"03", "another slate");
    }

    function test_a_bad_record_is_skipped_with_its_reason_and_harms_no_other() public {
        free(4, stakeOf(4));
        bytes memory batch = bytes.concat(
            approval(0, 1, spells_(one)),
            approval(1, 0, spells_(one)),
            recordOf(99, 1, chief.slates(), 1, spells_(one)),
            recordOf(0, 1, chief.slates(), 1, spells_(one))
        );
        batch = bytes.concat(
            batch,
            recordOf(seat(1), 1, chief.etch(spells_(one)), 900, spells_(one)),
            twin(1, 1, spells_(one)),
            approval(4, 1, spells_(one)),
            recordOf(seat(1), 1, chief.slates() + 9, 1, spells_(one))
        );
        batch = bytes.concat(batch, approval(2, 1, spells_(two)), shorten(approval(5, 1, spells_(two))));
        bytes memory reasons = hex"00010202030304060001";
        vm.assertEq(chief.check(batch), reasons, "check");
        vm.recordLogs();
        chief.castApprovals(batch);
        (, bytes memory skipped) = abi.decode(vm.getRecordedLogs()[0].data, (bytes, bytes));
        vm.assertEq(skipped.length, 8 * 5, "skipped");
        vm.assertEq(uint8(skipped[4]), 1, "the reason stands in the log");
        expectApprovals(one, stakeOf(0), "one");
        expectApprovals(two, stakeOf(2), "two");
    }

    function test_an_empty_batch_says_nothing() public {
        vm.recordLogs();
        chief.castApprovals("");
        vm.assertEq(vm.getRecordedLogs().length, 0, "logs");
    }

    function test_an_approval_for_another_chief_or_chain_does_not_count() public {
        Chief other = new Chief(address(nomic), LAUNCH, FLOOR, COOL_DOWN);
        vm.startPrank(accountOf(1));
        chief.free(uint96(stakeOf(1)));
        nomic.approve(address(other), stakeOf(1));
        other.lock(uint96(stakeOf(1)));
        vm.stopPrank();
        vm.assertEq(other.etch(spells_(one)), chief.etch(spells_(one)), "the same slate");
        uint256 seat_ = other.seatOf(accountOf(1));
        bytes32 digest = approvalDigest(chiefDomain(), seat_, 1, spells_(one));
        bytes memory there = packed(seat_, 1, other.etch(spells_(one)), keyOf(1), digest);
        vm.assertEq(other.check(there), hex"03", "another chief");
        bytes memory fork = approval(0, 1, spells_(one));
        vm.chainId(777);
        vm.assertEq(chief.check(fork), hex"03", "another chain");
        vm.assertEq(chief.check(approval(0, 1, spells_(one))), hex"00", "signed for the new chain id");
    }

    function test_who_has_no_auto_id_signs_as_well_as_who_has_one() public {
        vm.prank(accountOf(20));
        nomic.transfer(accountOf(70), 2e18);
        lock(70, 2e18);
        chief.castApprovals(approval(70, 1, spells_(one)));
        expectApprovals(one, 2e18, "no auto id");
        vm.prank(accountOf(1));
        ids.deactivate(2);
        chief.castApprovals(approval(1, 1, spells_(one)));
        expectApprovals(one, 2e18 + stakeOf(1), "an ended one");
    }

    function test_the_empty_slate_is_signed_to_abstain() public {
        chief.castApprovals(approval(1, 1, spells_(one)));
        chief.castApprovals(approval(1, 2, none()));
        expectApprovals(one, 0, "one");
        (, , uint16 sequence, uint32 slate) = chief.seatInfo(seat(1));
        vm.assertEq(sequence, 2, "sequence");
        vm.assertEq(slate, 1, "slate");
    }

    function test_after_the_last_sequence_the_wallet_still_votes() public {
        chief.castApprovals(approval(1, type(uint16).max, spells_(one)));
        voteFor(1, spells_(two));
        expectApprovals(one, 0, "one");
        expectApprovals(two, stakeOf(1), "two");
        vm.assertEq(chief.check(approval(1, type(uint16).max, spells_(one))), hex"01", "over");
    }

    function test_a_batch_of_more_slates_than_are_kept_comes_to_the_same() public {
        bytes memory first;
        bytes memory second;
        for (uint256 i; i < 40; ++i) chief.etch(spells_(spell(i), spell(i + 1)));
        for (uint256 round; round < 40; ++round) {
            uint256 voter = round % 12;
            if (stakeOf(voter) == 0) continue;
            first = bytes.concat(first, approval(voter, round + 1, spells_(spell(round), spell(round + 1))));
            second = bytes.concat(second, approval(voter, 100 + round, spells_(spell(39 - round), spell(40 - round))));
        }
        chief.castApprovals(first);
        for (uint256 i; i <= 40; ++i) expectApprovals(spell(i), plainSum(spell(i)), "after the first");
        chief.castApprovals(second);
        for (uint256 i; i <= 40; ++i) expectApprovals(spell(i), plainSum(spell(i)), "after the second");
    }

    function test_a_smart_account_approves_alone() public {
        TestWallet wallet = new TestWallet(accountOf(80));
        fund(address(wallet), 2e18);
        vm.startPrank(accountOf(80));
        wallet.execute(address(nomic), abi.encodeCall(nomic.approve, (address(chief), 2e18)));
        wallet.execute(address(chief), abi.encodeCall(chief.lock, (2e18)));
        vm.stopPrank();
        alone(address(wallet), 80, address(wallet), 1, 0);
        expectApprovals(one, 2e18, "by its owner");
        alone(address(wallet), 81, address(wallet), 2, 3);
        alone(address(wallet), 80, address(wallet), 1, 1);
    }

    function test_a_hostile_wallet_harms_nobody_but_itself() public {
        HostileWallet wallet = new HostileWallet();
        fund(address(wallet), 2e18);
        vm.startPrank(address(wallet));
        nomic.approve(address(chief), 2e18);
        chief.lock(2e18);
        vm.stopPrank();
        uint256 sequence;
        for (uint256 mood = 1; mood < 5; ++mood) {
            wallet.set(HostileWallet.Mood(mood));
            alone(address(wallet), 80, address(wallet), ++sequence, 3);
        }
        wallet.reenter(address(chief), abi.encodeCall(chief.castApprovals, (approval(0, 1, spells_(one)))));
        alone(address(wallet), 80, address(wallet), ++sequence, 0);
        expectApprovals(one, 2e18, "its own weight, once");
    }

    function test_a_voting_key_speaks_while_its_auto_id_is_live_and_here() public {
        vm.startPrank(accountOf(1));
        ids.setKey(2, accountOf(90), address(chief), uint48(time() + 30 days));
        ids.setKey(2, accountOf(91), address(polls), uint48(time() + 30 days));
        vm.stopPrank();
        alone(accountOf(1), 90, accountOf(90), 1, 0);
        expectApprovals(one, stakeOf(1), "one");
        alone(accountOf(1), 91, accountOf(91), 2, 3);
        alone(accountOf(2), 90, accountOf(90), 1, 3);
        bytes32 digest = approvalDigest(chiefDomain(), seat(1), 2, spells_(one));
        vm.assertEq(
            chief.check(packed(seat(1), 2, chief.etch(spells_(one)), keyOf(90), digest)),
            hex"03",
            "not in a batch"
        );
        rotate(2, 60);
        alone(accountOf(1), 90, accountOf(90), 2, 3);
        alone(accountOf(1), 1, accountOf(1), 2, 0);
    }

    function test_a_voting_key_dies_with_its_auto_id() public {
        vm.startPrank(accountOf(1));
        ids.setKey(2, accountOf(90), address(0), uint48(time() + 30 days));
        ids.deactivate(2);
        vm.stopPrank();
        alone(accountOf(1), 90, accountOf(90), 1, 3);
    }

    /// One approval of spell one for the seat of an account, alone; refused for the reason, when there is one.
    function alone(address account, uint256 key, address signer, uint256 sequence, uint8 reason) private {
        uint32 seat_ = chief.seatOf(account);
        uint32 slate = chief.etch(spells_(one));
        bytes memory signed = signature(keyOf(key), approvalDigest(chiefDomain(), seat_, sequence, spells_(one)));
        if (reason != 0) vm.expectRevert(abi.encodeWithSelector(IChief.ApprovalRefused.selector, reason));
        chief.castApproval(seat_, uint16(sequence), slate, signer, signed);
    }

    function counted(uint256 voter, uint256 sequence, address a, address b) private view returns (bytes memory) {
        uint32 slate = chief.slateOf(b == address(0) ? spells_(a) : spells_(a, b));
        return abi.encodePacked(seat(voter), uint16(sequence), slate, uint96(stakeOf(voter)));
    }

    function seat(uint256 voter) private view returns (uint32) {
        return chief.seatOf(accountOf(voter));
    }

    function recordOf(
        uint256 seat_,
        uint256 sequence,
        uint256 slate,
        uint256 key,
        address[] memory spells
    ) private view returns (bytes memory) {
        return packed(seat_, sequence, slate, keyOf(key), approvalDigest(chiefDomain(), seat_, sequence, spells));
    }

    /// The other signature that plain ecrecover takes for the same approval.
    function twin(uint256 voter, uint256 sequence, address[] memory spells) private returns (bytes memory) {
        bytes32 digest = approvalDigest(chiefDomain(), seat(voter), sequence, spells);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(voter), digest);
        uint256 vs = (N - uint256(s)) | (uint256(28 - v) << 255);
        return abi.encodePacked(seat(voter), uint16(sequence), chief.etch(spells), r, vs);
    }

    function shorten(bytes memory raw) private pure returns (bytes memory short) {
        short = new bytes(raw.length - 1);
        for (uint256 i; i < short.length; ++i) short[i] = raw[i];
    }

    function fund(address account, uint256 amount) private {
        vm.prank(accountOf(20));
        nomic.transfer(account, amount);
    }

    function plainSum(address who) private view returns (uint256 sum) {
        for (uint32 i = 1; i <= chief.seats(); ++i) {
            (, uint96 locked, , uint32 slate) = chief.seatInfo(i);
            address[] memory spells = chief.spellsOf(slate);
            for (uint256 k; k < spells.length; ++k) {
                if (spells[k] == who) sum += locked;
            }
        }
    }
}
