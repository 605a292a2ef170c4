// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChief} from "../src/interfaces/IChief.sol";
import {Chief} from "../src/nomic/Chief.sol";
import {Vault} from "../src/nomic/Vault.sol";
import {ChiefWorld} from "./ChiefWorld.sol";

contract LockTest is ChiefWorld {
    address internal one = spell(1);
    address internal two = spell(2);
    address internal three = spell(3);

    function setUp() public {
        makeChief();
    }

    function test_who_locks_gets_the_next_seat_and_keeps_it() public {
        lock(5, 1e18);
        lock(1, 2e18);
        free(5, 1e18);
        lock(5, 3e18);
        vm.assertEq(chief.seats(), 2, "seats");
        (address account, uint96 locked, uint16 sequence, uint32 slate) = chief.seatInfo(1);
        vm.assertEq(account, accountOf(5), "account");
        vm.assertEq(locked, 3e18, "locked");
        vm.assertEq(sequence, 0, "sequence");
        vm.assertEq(slate, 1, "a new seat approves the empty slate");
        vm.assertEq(chief.spellsOf(1).length, 0, "which is empty");
        vm.assertEq(nomic.balanceOf(chief.vaultOf(accountOf(5))), 3e18, "in its vault");
        vm.assertEq(nomic.balanceOf(accountOf(5)), stakeOf(5) - 3e18, "left");
    }

    function test_everything_locked_approves_every_spell_of_the_slate() public {
        lock(1, 2e18);
        lock(2, 3e18);
        voteFor(1, spells_(one, two, three));
        voteFor(2, spells_(two));
        expectApprovals(one, 2e18, "one");
        expectApprovals(two, 5e18, "two");
        expectApprovals(three, 2e18, "three");
    }

    function test_approvals_move_with_every_lock_and_free() public {
        lock(2, 1e18);
        voteFor(2, spells_(one, two));
        lock(2, 1e18);
        expectApprovals(one, 2e18, "after a lock");
        free(2, 2e18);
        expectApprovals(one, 0, "all freed");
        lock(2, 1e18);
        expectApprovals(two, 1e18, "the slate stays when nothing is locked");
    }

    function test_a_vote_takes_the_whole_weight_from_the_old_slate() public {
        lock(2, 2e18);
        voteFor(2, spells_(one, two));
        voteFor(2, spells_(two, three));
        expectApprovals(one, 0, "one");
        expectApprovals(two, 2e18, "two");
        expectApprovals(three, 2e18, "three");
        voteFor(2, none());
        expectApprovals(two, 0, "abstained");
    }

    function test_a_slate_is_at_most_five_spells_in_ascending_order_none_twice() public {
        vm.expectRevert(IChief.BadSlate.selector);
        chief.etch(spells_(two, one));
        vm.expectRevert(IChief.BadSlate.selector);
        chief.etch(spells_(one, one));
        address[] memory many = new address[](6);
        for (uint256 i; i < 6; ++i) many[i] = spell(i);
        vm.expectRevert(IChief.BadSlate.selector);
        chief.etch(many);
        vm.assertEq(chief.etch(none()), 1, "the empty list");
        uint32 slate = chief.etch(spells_(one, two));
        vm.assertEq(chief.etch(spells_(one, two)), slate, "the same list has the same number");
        vm.assertEq(chief.slateOf(spells_(one, two)), slate, "found by its spells");
        vm.assertEq(chief.slateOf(spells_(one)), 0, "never etched");
        vm.assertEq(chief.slates(), slate, "slates");
    }

    function test_no_weight_is_parked_on_a_slate_that_does_not_exist() public {
        lock(2, 1e18);
        uint32 next = chief.slates() + 1;
        vm.startPrank(accountOf(2));
        vm.expectRevert(IChief.UnknownSlate.selector);
        chief.vote(next);
        vm.expectRevert(IChief.UnknownSlate.selector);
        chief.vote(0);
        vm.stopPrank();
    }

    function test_who_never_locked_has_no_seat_to_vote_or_free_from() public {
        vm.startPrank(accountOf(2));
        vm.expectRevert(IChief.NoSeat.selector);
        chief.vote(1);
        vm.expectRevert(IChief.NoSeat.selector);
        chief.free(0);
        vm.expectRevert(IChief.NothingToLock.selector);
        chief.lock(0);
        vm.stopPrank();
        vm.expectRevert(IChief.NoSeat.selector);
        chief.follow(accountOf(2));
    }

    function test_nobody_frees_more_than_is_locked_there() public {
        lock(1, 1e18);
        lock(2, 2e18);
        vm.prank(accountOf(1));
        vm.expectRevert(IChief.MoreThanLocked.selector);
        chief.free(1e18 + 1);
    }

    function test_nobody_locks_what_is_not_there_or_not_allowed() public {
        vm.startPrank(accountOf(1));
        vm.expectRevert();
        chief.lock(1e18);
        nomic.approve(address(chief), type(uint256).max);
        vm.expectRevert();
        chief.lock(uint96(stakeOf(1) + 1));
        vm.expectRevert();
        chief.lock(type(uint96).max);
        vm.stopPrank();
        vm.assertEq(chief.seats(), 0, "seats");
    }

    function test_dust_of_others_freezes_nobody() public {
        lock(1, 1e18);
        vm.startPrank(accountOf(2));
        nomic.transfer(chief.vaultOf(accountOf(1)), 1);
        nomic.transfer(address(chief), 1);
        vm.stopPrank();
        free(1, 1e18);
        vm.assertEq(nomic.balanceOf(accountOf(1)), stakeOf(1), "all back in the second it came");
    }

    function test_what_is_locked_still_speaks_in_polls_through_whom_its_owner_delegates_to() public {
        uint256 before = nomic.getVotes(accountOf(2));
        lock(2, 2e18);
        vm.assertEq(nomic.getVotes(accountOf(2)), before, "locked and not");
        vm.prank(accountOf(2));
        nomic.delegate(accountOf(4));
        vm.assertEq(nomic.getVotes(accountOf(2)), 2e18, "the vault does not know yet");
        chief.follow(accountOf(2));
        vm.assertEq(nomic.getVotes(accountOf(2)), 0, "own");
        vm.assertEq(nomic.getVotes(accountOf(4)), stakeOf(4) + before, "of the delegate");
        free(2, 2e18);
        vm.assertEq(nomic.getVotes(accountOf(4)), stakeOf(4) + before, "and once it is free");
    }

    function test_who_delegates_to_nobody_speaks_with_what_is_locked() public {
        vm.prank(accountOf(1));
        nomic.transfer(accountOf(70), 1e18);
        lock(70, 1e18);
        vm.assertEq(nomic.getVotes(accountOf(70)), 1e18, "votes");
    }

    function test_a_vault_obeys_the_chief_alone() public {
        lock(1, 1e18);
        Vault vault = Vault(chief.vaultOf(accountOf(1)));
        vm.startPrank(accountOf(1));
        vm.expectRevert(Vault.NotTheChief.selector);
        vault.pay(accountOf(1), 1);
        vm.expectRevert(Vault.NotTheChief.selector);
        vault.delegate(accountOf(1));
        vm.stopPrank();
    }

    function test_anybody_brings_a_permit_that_locks() public {
        (uint8 v, bytes32 r, bytes32 s) = permit(1, 1e18);
        address account = accountOf(1);
        chief.lockWithPermit(account, 1e18, time(), v, r, s);
        expectLocked(1, 1e18);
        vm.expectRevert(IChief.WrongSignature.selector);
        chief.lockWithPermit(account, 1e18, time(), v, r, s);
    }

    function test_a_permit_that_another_brought_first_is_an_allowance_for_its_owner_alone() public {
        (uint8 v, bytes32 r, bytes32 s) = permit(1, 1e18);
        address account = accountOf(1);
        nomic.permit(account, address(chief), 1e18, time(), v, r, s);
        vm.expectRevert(IChief.WrongSignature.selector);
        chief.lockWithPermit(account, 1e18, time(), v, r, s);
        vm.prank(account);
        chief.lockWithPermit(account, 1e18, time(), v, r, s);
        expectLocked(1, 1e18);
    }

    function test_an_allowance_lets_no_other_lock() public {
        address account = accountOf(1);
        vm.prank(account);
        nomic.approve(address(chief), type(uint256).max);
        (uint8 v, bytes32 r, bytes32 s) = permit(2, 1e18);
        vm.expectRevert(IChief.WrongSignature.selector);
        chief.lockWithPermit(account, 1e18, time(), v, r, s);
    }

    function test_a_signed_free_is_brought_once_by_anybody_and_pays_the_account() public {
        lock(2, 2e18);
        voteFor(2, spells_(one));
        bytes memory signed = freeSignature(2, 1e18, 0, time());
        address account = accountOf(2);
        chief.freeBySig(account, 1e18, 0, time(), signed);
        expectLocked(2, 1e18);
        expectApprovals(one, 1e18, "one");
        vm.assertEq(nomic.balanceOf(account), stakeOf(2) - 1e18, "paid to the account");
        vm.expectRevert();
        chief.freeBySig(account, 1e18, 0, time(), signed);
        vm.expectRevert(IChief.WrongSignature.selector);
        chief.freeBySig(account, 1e18, 1, time(), signed);
        bytes memory foreign = freeSignature(1, 1e18, 1, time());
        vm.expectRevert(IChief.WrongSignature.selector);
        chief.freeBySig(account, 1e18, 1, time(), foreign);
        bytes memory late = freeSignature(2, 1e18, 1, time() - 1);
        vm.expectRevert(IChief.SignatureExpired.selector);
        chief.freeBySig(account, 1e18, 1, time() - 1, late);
        expectLocked(2, 1e18);
    }

    function test_a_chief_without_thresholds_is_not_made() public {
        vm.expectRevert(Chief.NoThreshold.selector);
        new Chief(address(nomic), 0, 1, 1);
        vm.expectRevert(Chief.NoThreshold.selector);
        new Chief(address(nomic), 1, 0, 1);
    }

    function expectLocked(uint256 voter, uint256 amount) private view {
        (, uint96 locked, , ) = chief.seatInfo(chief.seatOf(accountOf(voter)));
        vm.assertEq(locked, amount, "locked");
    }

    function freeSignature(
        uint256 voter,
        uint256 amount,
        uint256 nonce,
        uint256 deadline
    ) private view returns (bytes memory) {
        bytes32 typeHash = keccak256("Free(address account,uint96 amount,uint256 nonce,uint256 deadline)");
        bytes32 structHash = keccak256(abi.encode(typeHash, accountOf(voter), amount, nonce, deadline));
        return signature(keyOf(voter), typed(chiefDomain(), structHash));
    }

    function permit(uint256 voter, uint256 amount) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 typeHash = keccak256(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
        );
        address owner = accountOf(voter);
        bytes32 structHash = keccak256(
            abi.encode(typeHash, owner, address(chief), amount, nomic.nonces(owner), time())
        );
        return vm.sign(keyOf(voter), typed(domainOf("NOMIC", address(nomic)), structHash));
    }
}

contract LiftTest is ChiefWorld {
    address internal one = spell(1);
    address internal two = spell(2);

    function setUp() public {
        makeChief();
    }

    function test_nothing_is_lifted_before_enough_stood_on_nobody() public {
        lock(WHALE, LAUNCH - 1);
        voteFor(WHALE, spells_(address(0), one));
        pass(1);
        vm.expectRevert(IChief.NotLive.selector);
        chief.lift(one);
        vm.expectRevert(IChief.TooFewApprovals.selector);
        chief.launch();
        lock(WHALE, 1);
        vm.expectRevert(IChief.TooFewApprovals.selector);
        chief.launch();
        pass(1);
        chief.launch();
        vm.assertTrue(chief.live(), "live");
        vm.expectRevert(IChief.AlreadyLive.selector);
        chief.launch();
    }

    function test_a_lift_takes_strictly_more_than_the_hat_has() public {
        launch();
        crown(one);
        vm.assertEq(chief.hat(), one, "hat");
        voteFor(WHALE, spells_(one, two));
        pass(COOL_DOWN);
        vm.expectRevert(IChief.TooFewApprovals.selector);
        chief.lift(two);
        vm.expectRevert(IChief.TooFewApprovals.selector);
        chief.lift(one);
        lock(0, 1);
        voteFor(0, spells_(two));
        pass(1);
        chief.lift(two);
        vm.assertEq(chief.hat(), two, "one more is enough");
    }

    function test_a_tired_hat_is_not_replaced_by_less_than_the_floor() public {
        launch();
        crown(one);
        voteFor(WHALE, none());
        lock(18, FLOOR - 1 - 1e18);
        lock(0, 1e18);
        voteFor(18, spells_(two));
        voteFor(0, spells_(two));
        pass(COOL_DOWN);
        expectApprovals(one, 0, "nobody stands behind the hat");
        vm.expectRevert(IChief.TooFewApprovals.selector);
        chief.lift(two);
        vm.assertEq(chief.hat(), one, "the hat stays");
        lock(18, 1);
        pass(1);
        chief.lift(two);
        vm.assertEq(chief.hat(), two, "at the floor");
    }

    function test_after_a_lift_the_next_waits() public {
        launch();
        crown(one);
        voteFor(WHALE, spells_(two));
        pass(COOL_DOWN - 1);
        vm.expectRevert(IChief.CoolingDown.selector);
        chief.lift(two);
        pass(1);
        chief.lift(two);
        vm.assertEq(chief.hat(), two, "hat");
    }

    function test_nobody_may_be_lifted_so_that_nobody_holds_the_hat() public {
        launch();
        crown(one);
        crown(address(0));
        vm.assertEq(chief.hat(), address(0), "hat");
    }

    function test_nomic_borrowed_for_a_moment_lifts_nothing() public {
        launch();
        crown(one);
        free(WHALE, stakeOf(WHALE) - FLOOR);
        pass(COOL_DOWN);
        lend(60, stakeOf(WHALE) - FLOOR);
        lock(60, stakeOf(WHALE) - FLOOR);
        lock(18, 5e18);
        voteFor(18, spells_(two));
        voteFor(60, spells_(two));
        vm.assertTrue(chief.approvals(two) > chief.approvals(one), "more for now");
        vm.assertEq(chief.settled(two), 0, "none of it stood here before");
        vm.expectRevert(IChief.TooFewApprovals.selector);
        chief.lift(two);
        free(60, stakeOf(WHALE) - FLOOR);
        pass(1);
        vm.expectRevert(IChief.TooFewApprovals.selector);
        chief.lift(two);
    }

    function test_nomic_borrowed_for_a_moment_launches_nothing() public {
        lock(WHALE, LAUNCH);
        voteFor(WHALE, spells_(address(0)));
        vm.expectRevert(IChief.TooFewApprovals.selector);
        chief.launch();
        free(WHALE, LAUNCH);
        pass(1);
        vm.expectRevert(IChief.TooFewApprovals.selector);
        chief.launch();
    }

    function test_borrowed_nomic_that_joins_old_weight_adds_nothing_to_it() public {
        launch();
        lock(18, FLOOR - 2e18);
        voteFor(18, spells_(two));
        pass(COOL_DOWN);
        free(WHALE, 10e18);
        lend(18, 10e18);
        lock(18, 10e18);
        vm.assertEq(chief.settled(two), FLOOR - 2e18, "as before this second");
        vm.expectRevert(IChief.TooFewApprovals.selector);
        chief.lift(two);
        free(18, 11e18);
        vm.assertEq(chief.settled(two), FLOOR - 3e18, "what left is gone");
        lock(18, 11e18);
        vm.assertEq(chief.settled(two), FLOOR - 3e18, "and does not come back in the same second");
    }

    function test_who_passes_through_a_spell_takes_nothing_from_what_stood_there() public {
        launch();
        voteFor(WHALE, spells_(one));
        pass(COOL_DOWN);
        lock(20, 5e18);
        voteFor(20, spells_(one));
        voteFor(20, none());
        vm.assertEq(chief.settled(one), stakeOf(WHALE), "settled");
        chief.lift(one);
    }

    function test_who_keeps_a_spell_in_another_slate_is_not_seen_to_leave_it() public {
        launch();
        voteFor(WHALE, spells_(one));
        pass(COOL_DOWN);
        voteFor(WHALE, spells_(one, two));
        vm.assertEq(chief.settled(one), stakeOf(WHALE), "by wallet");
        chief.castApprovals(approval(WHALE, 5, spells_(one)));
        vm.assertEq(chief.settled(one), stakeOf(WHALE), "by signature");
        chief.lift(one);
    }

    function test_defenders_of_the_hat_count_at_once() public {
        launch();
        crown(one);
        free(WHALE, stakeOf(WHALE) - FLOOR);
        lock(30, FLOOR + 5e18);
        voteFor(30, spells_(two));
        pass(COOL_DOWN);
        lock(WHALE, 5e18);
        vm.expectRevert(IChief.TooFewApprovals.selector);
        chief.lift(two);
    }

    function lend(uint256 to, uint256 amount) private {
        vm.prank(accountOf(WHALE));
        nomic.transfer(accountOf(to), amount);
    }
}
