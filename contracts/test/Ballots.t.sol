// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAutoIds} from "../src/interfaces/IAutoIds.sol";
import {IBallotCounter} from "../src/interfaces/IBallotCounter.sol";
import {HostileWallet} from "./Hostile.sol";
import {Paper} from "./Signing.sol";
import {Vm} from "./Vm.sol";
import {World} from "./World.sol";

/// Relayed ballots in a DAO whose ballots are final.
contract BallotsTest is World {
    uint256 internal proposal;
    HostileWallet internal wallet;
    uint32 internal walletSeat;

    function setUp() public {
        layGround();
        wallet = new HostileWallet();
        makeDao(false);
        dao.enrol(list(1, VOTERS));
        seat(address(wallet));
        (walletSeat, ) = dao.seatOf(address(wallet));
        proposal = openProposal();
    }

    function test_a_ballot_counts_with_the_votes_at_the_snapshot() public {
        vm.prank(accountOf(1));
        token.transfer(accountOf(2), 1e18);
        dao.castBallots(proposal, ballot(proposal, 1, 1, 2));
        expectVotes(0, stakeOf(1), 0);
        vm.assertEq(dao.markOf(proposal, 2), 0x12, "mark");
        vm.assertTrue(dao.hasVoted(proposal, accountOf(1)), "has voted");
    }

    function test_every_choice_has_its_own_tally() public {
        bytes memory three = bytes.concat(ballot(proposal, 0, 1, 1), ballot(proposal, 1, 1, 2), ballot(proposal, 2, 1, 3));
        dao.castBallots(proposal, three);
        expectVotes(stakeOf(0), stakeOf(1), stakeOf(2));
    }

    function test_a_vote_is_told_as_any_governor_tells_it_and_as_a_record() public {
        vm.recordLogs();
        dao.castBallots(proposal, bytes.concat(ballot(proposal, 1, 1, 2), ballot(proposal, 3, 1, 2)));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs[0].topics[0], keccak256("VoteCast(address,uint256,uint8,uint256,string)"), "event");
        vm.assertEq(logs[0].topics[1], bytes32(uint256(uint160(accountOf(1)))), "voter");
        vm.assertEq(logs[0].data, abi.encode(proposal, uint8(1), stakeOf(1), ""), "vote");
        vm.assertEq(logs[1].topics[0], IBallotCounter.BallotsCounted.selector, "event");
        bytes memory counted = abi.encodePacked(uint32(2), uint8(0x12), uint96(stakeOf(1)));
        vm.assertEq(logs[1].data, abi.encode(counted, abi.encodePacked(uint32(4), uint8(4))), "records");
        vm.assertEq(logs.length, 2, "logs");
    }

    function test_the_same_ballot_twice_counts_once() public {
        bytes memory one = ballot(proposal, 1, 1, 2);
        dao.castBallots(proposal, bytes.concat(one, one));
        dao.castBallots(proposal, one);
        expectVotes(0, stakeOf(1), 0);
    }

    function test_a_ballot_is_final_unless_the_dao_lets_minds_change() public {
        dao.castBallots(proposal, ballot(proposal, 1, 1, 2));
        expectReasons(ballot(proposal, 1, 2, 1), hex"01");
        dao.castBallots(proposal, ballot(proposal, 1, 2, 1));
        expectVotes(0, stakeOf(1), 0);
    }

    function test_marks_that_mean_nothing_do_not_count() public {
        uint8[5] memory marks = [0x00, 0x10, 0x02, 0x14, 0xf2];
        for (uint256 i; i < marks.length; ++i) {
            expectReasons(ballot(proposal, 1, marks[i] >> 4, marks[i] & 15), hex"01");
        }
    }

    function test_who_has_no_seat_or_took_it_after_the_snapshot_does_not_vote_by_record() public {
        expectReasons(record(daoDomain(), paper(proposal, 0, 1, 2), keyOf(1)), hex"02");
        expectReasons(record(daoDomain(), paper(proposal, 500, 1, 2), keyOf(1)), hex"02");
        uint256 voter = VOTERS;
        dao.enrol(list(register(voter), 1));
        (uint32 seat, uint48 since) = dao.seatOf(accountOf(voter));
        vm.assertEq(since, time(), "since");
        expectReasons(record(daoDomain(), paper(proposal, seat, 1, 2), keyOf(voter)), hex"02");
    }

    function test_a_wrong_signature_does_not_count() public {
        Paper memory p = paper(proposal, 2, 1, 2);
        expectReasons(record(daoDomain(), p, keyOf(2)), hex"03");
        expectReasons(pack(p, 0, 0), hex"03");
        expectReasons(pack(p, bytes32(type(uint256).max), type(uint256).max), hex"03");
        bytes memory bent = record(daoDomain(), p, keyOf(1));
        bent[40] ^= 0x01;
        expectReasons(bent, hex"03");
    }

    function test_the_malleable_twin_of_a_signature_does_not_count() public {
        Paper memory p = paper(proposal, 2, 1, 2);
        expectReasons(twin(daoDomain(), p, keyOf(1)), hex"03");
    }

    /// EIP-2098 has no room for nearly all high values of s. Here is a key made for one that fits: it is refused all the same.
    function test_a_signature_with_a_high_s_does_not_count_even_where_it_can_be_written() public {
        (address[] memory to, uint256[] memory values, bytes[] memory calls) = nothing();
        uint256 other = dao.hashProposal(to, values, calls, keccak256("# Buy a boat"));
        Paper memory p = paper(other, dao.seats() + 1, 1, 2);
        bytes32 digest = digestOf(daoDomain(), p);
        Vm.Wallet memory point = vm.createWallet(7);
        (uint256 r, uint256 s) = (point.publicKeyX, N / 2 + 1);
        uint256 key = mulmod(addmod(mulmod(s, 7, N), N - (uint256(digest) % N), N), inverse(r), N);
        seat(vm.addr(key));
        vm.warp(time() + 1);
        proposal = propose("# Buy a boat");
        vm.warp(dao.proposalSnapshot(proposal) + 1);

        uint256 parity = point.publicKeyY & 1;
        vm.assertEq(ecrecover(digest, uint8(27 + parity), bytes32(r), bytes32(s)), vm.addr(key), "who signed");
        expectReasons(pack(p, bytes32(r), s | (parity << 255)), hex"03");
        expectReasons(pack(p, bytes32(r), (N - s) | ((1 - parity) << 255)), hex"00");
    }

    function test_a_mark_or_reason_changed_on_the_way_does_not_count() public {
        Paper memory p = paper(proposal, 2, 1, 2);
        bytes memory changed = record(daoDomain(), p, keyOf(1));
        changed[4] = 0x11;
        expectReasons(changed, hex"03");
        p.reason = keccak256("because");
        bytes memory reasoned = record(daoDomain(), p, keyOf(1));
        expectReasons(reasoned, hex"00");
        reasoned[100] ^= 0x01;
        expectReasons(reasoned, hex"03");
    }

    function test_nobody_votes_without_votes() public {
        expectReasons(ballot(proposal, 3, 1, 2), hex"04");
    }

    function test_nobody_votes_for_an_auto_id_that_has_ended() public {
        vm.prank(accountOf(1));
        ids.deactivate(2);
        expectReasons(ballot(proposal, 1, 1, 2), hex"05");
        expectReasons(ballot(proposal, 2, 1, 2), hex"00");
    }

    function test_a_record_cut_off_by_the_end_spoils_only_itself() public {
        bytes memory two = bytes.concat(ballot(proposal, 1, 1, 2), ballot(proposal, 2, 1, 2));
        for (uint256 cut = 1; cut < 69; cut += 4) {
            bytes memory short = new bytes(two.length - cut);
            for (uint256 i; i < short.length; ++i) short[i] = two[i];
            expectReasons(short, hex"0001");
        }
    }

    function test_a_batch_that_comes_to_nothing_says_so_and_an_empty_one_says_nothing() public {
        vm.recordLogs();
        dao.castBallots(proposal, "");
        vm.assertEq(vm.getRecordedLogs().length, 0, "logs of the empty batch");
        dao.castBallots(proposal, ballot(proposal, 3, 1, 2));
        vm.assertEq(vm.getRecordedLogs().length, 1, "logs of the bad batch");
        expectVotes(0, 0, 0);
    }

    function test_a_hundred_bad_ballots_harm_no_good_one() public {
        bytes memory all = ballot(proposal, 1, 1, 2);
        for (uint256 i; i < 100; ++i) {
            all = bytes.concat(all, record(daoDomain(), paper(proposal, 2 + (i % 40), 1 + (i % 14), 1 + (i % 3)), keyOf(99)));
        }
        all = bytes.concat(all, ballot(proposal, 2, 1, 2));
        dao.castBallots(proposal, all);
        expectVotes(0, stakeOf(1) + stakeOf(2), 0);
    }

    function test_a_closed_or_unknown_proposal_takes_no_ballots() public {
        bytes memory one = ballot(proposal, 1, 1, 2);
        vm.expectRevert();
        dao.castBallots(42, one);
        vm.warp(dao.proposalDeadline(proposal) + 1);
        vm.expectRevert();
        dao.castBallots(proposal, one);
    }

    function test_a_ballot_for_another_proposal_dao_or_chain_does_not_count() public {
        vm.warp(time() + 1);
        uint256 other = propose("# Buy a boat\n\nAnother one.");
        vm.warp(dao.proposalSnapshot(other) + 1);
        Paper memory p = paper(other, 2, 1, 2);
        expectReasons(record(daoDomain(), p, keyOf(1)), hex"03");

        p = paper(proposal, 2, 1, 2);
        expectReasons(record(domainOf("Boat Club", address(token)), p, keyOf(1)), hex"03");
        expectReasons(record(domainOf("Ship Club", address(dao)), p, keyOf(1)), hex"03");

        bytes memory here = record(daoDomain(), p, keyOf(1));
        vm.chainId(870);
        expectReasons(here, hex"03");
        expectReasons(record(daoDomain(), p, keyOf(1)), hex"00");
    }

    function test_a_ballot_with_other_words_than_the_proposal_does_not_count() public {
        Paper memory p = paper(proposal, 2, 1, 2);
        p.title = "Sell the boat";
        expectReasons(record(daoDomain(), p, keyOf(1)), hex"03");
        p = paper(proposal, 2, 1, 2);
        p.choice = "Against";
        expectReasons(record(daoDomain(), p, keyOf(1)), hex"03");
    }

    function test_one_ballot_alone_counts_as_in_a_batch_or_reverts_with_the_reason() public {
        Paper memory p = paper(proposal, 2, 1, 2);
        bytes memory signed = signature(keyOf(1), digestOf(daoDomain(), p));
        vm.expectRevert(abi.encodeWithSelector(IBallotCounter.BallotRefused.selector, 3));
        dao.castBallot(proposal, 3, 0x12, 0, accountOf(2), signed);
        dao.castBallot(proposal, 2, 0x12, 0, accountOf(1), signed);
        expectVotes(0, stakeOf(1), 0);
        vm.expectRevert(abi.encodeWithSelector(IBallotCounter.BallotRefused.selector, 1));
        dao.castBallot(proposal, 2, 0x12, 0, accountOf(1), signed);
    }

    function test_a_voting_key_signs_in_its_scope_and_time() public {
        address key = accountOf(77);
        Paper memory p = paper(proposal, 2, 1, 2);
        bytes memory signed = signature(keyOf(77), digestOf(daoDomain(), p));
        refused(p, key, signed, 3);
        vm.prank(accountOf(1));
        ids.setKey(2, key, address(token), uint48(time() + 1 days));
        refused(p, key, signed, 3);
        vm.prank(accountOf(1));
        ids.setKey(2, key, address(dao), uint48(time() + 1 days));
        refused(paper(proposal, 3, 1, 2), key, signed, 3);
        vm.warp(time() + 1 days + 1);
        vm.prank(accountOf(1));
        ids.setKey(2, key, address(0), 0);
        refused(p, key, signed, 3);
        vm.prank(accountOf(1));
        ids.setKey(2, key, address(dao), uint48(time()));
        dao.castBallot(proposal, 2, p.mark, 0, key, signed);
        expectVotes(0, stakeOf(1), 0);
    }

    function test_a_smart_account_votes_by_its_own_word() public {
        dao.castBallot(proposal, walletSeat, 0x12, 0, address(wallet), "anything");
        expectVotes(0, 1e18, 0);
    }

    function test_a_smart_account_that_misbehaves_harms_only_its_own_ballot() public {
        HostileWallet.Mood[4] memory moods = [
            HostileWallet.Mood.BurnsGas,
            HostileWallet.Mood.Floods,
            HostileWallet.Mood.Refuses,
            HostileWallet.Mood.ReturnsNothing
        ];
        for (uint256 i; i < moods.length; ++i) {
            wallet.set(moods[i]);
            uint256 before = gasleft();
            refused(paper(proposal, walletSeat, 1, 2), address(wallet), "anything", 3);
            vm.assertLe(before - gasleft(), 400_000, "gas");
        }
        expectVotes(0, 0, 0);
    }

    function test_a_smart_account_that_comes_back_in_counts_once() public {
        bytes memory again = abi.encodeCall(
            IBallotCounter.castBallot,
            (proposal, walletSeat, 0x12, 0, address(wallet), "anything")
        );
        wallet.reenter(address(dao), again);
        dao.castBallot(proposal, walletSeat, 0x12, 0, address(wallet), "anything");
        expectVotes(0, 1e18, 0);
    }

    function test_seats_are_one_to_one_and_bring_no_second_vote() public {
        vm.assertEq(dao.enrol(list(1, VOTERS)), 0, "enrolled again");
        vm.assertEq(dao.seats(), VOTERS + 1, "seats");
        dao.castBallots(proposal, ballot(proposal, 1, 1, 2));
        // The Auto ID ends, the wallet takes a new one: same account, same seat, same mark.
        vm.prank(accountOf(1));
        ids.deactivate(2);
        dao.enrol(list(register(1), 1));
        (uint32 seat, ) = dao.seatOf(accountOf(1));
        vm.assertEq(seat, 2, "seat");
        expectReasons(ballot(proposal, 1, 2, 1), hex"01");
    }

    /// Gives an account an Auto ID, a stake and a seat.
    function seat(address account) internal {
        IAutoIds.Registration memory asked = registrationOf(account);
        vm.prank(account);
        uint256 id = ids.register(asked, "", "");
        vm.prank(accountOf(5));
        token.transfer(account, 1e18);
        vm.prank(account);
        token.delegate(account);
        dao.enrol(list(id, 1));
    }

    /// By Fermat.
    function inverse(uint256 x) internal pure returns (uint256 y) {
        y = 1;
        for (uint256 e = N - 2; e != 0; e >>= 1) {
            if (e & 1 == 1) y = mulmod(y, x, N);
            x = mulmod(x, x, N);
        }
    }

    function registrationOf(address controller) internal view returns (IAutoIds.Registration memory) {
        return IAutoIds.Registration(controller, 2, 0, 0, 0, ids.nonces(controller), time());
    }

    function refused(Paper memory p, address signer, bytes memory signed, uint8 reason) internal {
        vm.expectRevert(abi.encodeWithSelector(IBallotCounter.BallotRefused.selector, reason));
        dao.castBallot(p.proposalId, p.seat, p.mark, p.reason, signer, signed);
    }

    function expectReasons(bytes memory ballots, bytes memory reasons) internal view {
        vm.assertEq(dao.check(proposal, ballots), reasons, "reasons");
    }

    function expectVotes(uint256 against, uint256 inFavour, uint256 abstain) internal view {
        (uint256 a, uint256 f, uint256 z) = dao.proposalVotes(proposal);
        vm.assertEq(a, against, "against");
        vm.assertEq(f, inFavour, "for");
        vm.assertEq(z, abstain, "abstain");
    }
}
