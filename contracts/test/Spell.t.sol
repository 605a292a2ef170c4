// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISpell} from "../src/interfaces/ISpell.sol";
import {OfficeHours} from "../src/lib/OfficeHours.sol";
import {CallsAction, CallsSpell} from "../src/nomic/CallsSpell.sol";
import {DropSpell} from "../src/nomic/DropSpell.sol";
import {Pause} from "../src/nomic/Pause.sol";
import {SpellFactory} from "../src/nomic/SpellFactory.sol";
import {TransferSpell} from "../src/nomic/TransferSpell.sol";
import {PauseWorld} from "./PauseWorld.sol";
import {Vm} from "./Vm.sol";

contract SpellTest is PauseWorld {
    SpellFactory internal spells;
    address internal payee = address(0xbeef);
    string internal text = "# Pay the builders\n\nThey built.";

    function setUp() public {
        makePause();
        spells = new SpellFactory(pause);
    }

    function test_a_spell_from_draft_to_cast() public {
        SpellFactory.Draft memory d = draft(false);
        address expected = spells.addressOf(address(this), d);
        CallsSpell made = CallsSpell(spells.create(d));
        vm.assertEq(address(made), expected, "where it was said to be");
        vm.assertEq(bytes(made.description()), bytes("Pay the builders"), "description");
        vm.assertEq(made.textHash(), keccak256(bytes(text)), "text hash");
        crown(address(made));
        made.schedule();
        uint48 eta = uint48(time() + DELAY);
        vm.assertEq(made.eta(), eta, "eta");
        vm.assertEq(made.nextCastTime(), eta, "next cast time");
        vm.expectRevert(Pause.TooEarly.selector);
        made.cast();
        vm.warp(eta);
        made.cast();
        vm.assertEq(payee.balance, 1 ether, "coins");
        vm.assertEq(nomic.balanceOf(payee), 2e18, "NOMIC");
        vm.assertTrue(made.done(), "done");
        vm.assertEq(made.nextCastTime(), 0, "never again");
        vm.expectRevert(Pause.NotPlotted.selector);
        made.cast();
        vm.expectRevert(ISpell.AlreadyScheduled.selector);
        made.schedule();
    }

    function test_all_of_a_draft_is_told_when_the_spell_is_made() public {
        SpellFactory.Draft memory d = draft(true);
        vm.recordLogs();
        address made = spells.create(d);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 1, "one event");
        vm.assertEq(logs[0].topics.length, 3, "topics");
        vm.assertEq(logs[0].topics[0], SpellFactory.SpellCreated.selector, "event");
        vm.assertEq(address(uint160(uint256(logs[0].topics[1]))), made, "spell");
        vm.assertEq(address(uint160(uint256(logs[0].topics[2]))), address(this), "author");
        bytes memory told = abi.encode(d.title, d.text, d.expiration, d.officeHours, d.targets, d.values, d.calls);
        vm.assertEq(logs[0].data, told, "the draft");
    }

    function test_a_spell_without_the_hat_does_nothing() public {
        CallsSpell made = CallsSpell(spells.create(draft(false)));
        vm.expectRevert(Pause.NotTheHat.selector);
        made.schedule();
        vm.assertEq(made.eta(), 0, "not scheduled");
        vm.expectRevert(ISpell.NotScheduled.selector);
        made.cast();
        vm.assertEq(made.nextCastTime(), 0, "next cast time");
        crown(address(made));
        crown(spell(9));
        vm.expectRevert(Pause.NotTheHat.selector);
        made.schedule();
    }

    function test_a_spell_expires() public {
        SpellFactory.Draft memory d = draft(false);
        CallsSpell made = CallsSpell(spells.create(d));
        crown(address(made));
        vm.warp(d.expiration + 1);
        vm.expectRevert(ISpell.Expired.selector);
        made.schedule();
        vm.warp(d.expiration);
        made.schedule();
    }

    function test_a_spell_that_missed_its_window_is_dead() public {
        CallsSpell made = CallsSpell(spells.create(draft(false)));
        crown(address(made));
        made.schedule();
        vm.warp(uint256(made.eta()) + 7 days + 1);
        vm.assertEq(made.nextCastTime(), 0, "next cast time");
        vm.expectRevert(Pause.TooLate.selector);
        made.cast();
        vm.expectRevert(ISpell.AlreadyScheduled.selector);
        made.schedule();
    }

    function test_a_plan_executed_without_its_spell_leaves_the_spell_done() public {
        CallsSpell made = CallsSpell(spells.create(draft(false)));
        crown(address(made));
        made.schedule();
        vm.warp(made.eta());
        pause.exec(made.action(), made.codeHash(), made.call(), made.eta());
        vm.assertTrue(made.done(), "done");
    }

    function test_two_spells_plotted_are_both_cast_though_the_hat_moved() public {
        SpellFactory.Draft memory d = draft(false);
        CallsSpell first = CallsSpell(spells.create(d));
        d.values[0] = 2 ether;
        CallsSpell second = CallsSpell(spells.create(d));
        crown(address(first));
        first.schedule();
        crown(address(second));
        second.schedule();
        vm.warp(second.eta());
        second.cast();
        first.cast();
        vm.assertEq(payee.balance, 3 ether, "both");
    }

    function test_office_hours_bind_also_who_executes_without_the_spell() public {
        CallsSpell made = CallsSpell(spells.create(draft(true)));
        crown(address(made));
        made.schedule();
        uint256 eta = made.eta();
        vm.assertTrue(isOpen(eta), "the time is in office hours");
        uint256 night = (eta / 1 days) * 1 days + 22 hours;
        vm.warp(night);
        vm.expectRevert(OfficeHours.OfficeClosed.selector);
        made.cast();
        (address action, bytes32 code, bytes memory call) = (made.action(), made.codeHash(), made.call());
        vm.expectRevert(OfficeHours.OfficeClosed.selector);
        pause.exec(action, code, call, uint48(eta));
        uint256 next = made.nextCastTime();
        vm.assertTrue(next > night && isOpen(next), "the next chance");
        vm.warp(next);
        made.cast();
        vm.assertTrue(made.done(), "done");
    }

    function testFuzz_office_hours_are_the_first_open_second_from_then_on(uint256 seed) public pure {
        uint256 from = bound(seed, START, START + 60 days);
        uint256 next = OfficeHours.next(from);
        vm.assertTrue(isOpen(next) && next >= from, "open");
        if (isOpen(from)) vm.assertEq(next, from, "open already");
        else vm.assertFalse(isOpen(next - 1), "the first second");
        // Nothing opens in between: every opening is at 14:00.
        for (uint256 day = from / 1 days; day < next / 1 days; ++day) {
            uint256 opening = day * 1 days + 14 hours;
            if (opening >= from) vm.assertFalse(isOpen(opening), "an earlier chance");
        }
    }

    function test_a_spell_does_all_of_its_calls_or_none() public {
        SpellFactory.Draft memory d = draft(false);
        d.calls[1] = abi.encodeCall(nomic.transfer, (payee, 1_000_000e18));
        CallsSpell made = CallsSpell(spells.create(d));
        crown(address(made));
        made.schedule();
        vm.warp(made.eta());
        vm.expectRevert();
        made.cast();
        vm.assertEq(payee.balance, 0, "coins");
        vm.assertFalse(made.done(), "done");
        vm.assertEq(made.nextCastTime(), time(), "it may be tried again");
    }

    function test_a_call_to_where_nothing_is_fails() public {
        SpellFactory.Draft memory d = draft(false);
        d.calls[0] = hex"12345678";
        CallsSpell made = CallsSpell(spells.create(d));
        crown(address(made));
        made.schedule();
        vm.warp(made.eta());
        vm.expectRevert(abi.encodeWithSelector(CallsAction.NoCode.selector, payee));
        made.cast();
    }

    function test_the_address_of_a_spell_binds_author_and_contents() public {
        SpellFactory.Draft memory d = draft(false);
        address first = spells.create(d);
        vm.expectRevert(abi.encodeWithSelector(SpellFactory.AlreadyCreated.selector, first));
        spells.create(d);
        vm.prank(accountOf(1));
        vm.assertTrue(spells.create(d) != first, "another author");
        (string memory title, uint256 value) = (d.title, d.values[0]);
        d.title = "Pay";
        vm.assertTrue(spells.addressOf(address(this), d) != first, "title");
        (d.title, d.text) = (title, "other");
        vm.assertTrue(spells.addressOf(address(this), d) != first, "text");
        (d.text, d.values[0]) = (text, value + 1);
        vm.assertTrue(spells.addressOf(address(this), d) != first, "calls");
        d.values[0] = value;
        vm.assertEq(spells.addressOf(address(this), d), first, "the same");
    }

    function test_drafts_that_make_no_sense_are_refused() public {
        SpellFactory.Draft memory d = draft(false);
        d.title = "";
        vm.expectRevert(SpellFactory.BadTitle.selector);
        spells.create(d);
        d = draft(false);
        d.text = string(new bytes(20_001));
        vm.expectRevert(SpellFactory.BadText.selector);
        spells.create(d);
        d = draft(false);
        d.expiration = uint48(time());
        vm.expectRevert(SpellFactory.BadExpiration.selector);
        spells.create(d);
        d.expiration = uint48(time() + 181 days);
        vm.expectRevert(SpellFactory.BadExpiration.selector);
        spells.create(d);
        d = draft(false);
        d.values = new uint256[](1);
        vm.expectRevert(SpellFactory.BadCalls.selector);
        spells.create(d);
        (d.targets, d.values, d.calls) = (new address[](0), new uint256[](0), new bytes[](0));
        vm.expectRevert(SpellFactory.BadCalls.selector);
        spells.create(d);
    }

    function test_a_spell_changes_the_delay_of_the_pause() public {
        SpellFactory.Draft memory d = draft(false);
        (d.targets[0], d.values[0]) = (address(pause), 0);
        d.calls[0] = abi.encodeCall(pause.setDelay, (3 days));
        CallsSpell made = CallsSpell(spells.create(d));
        crown(address(made));
        made.schedule();
        vm.warp(made.eta());
        made.cast();
        vm.assertEq(pause.delay(), 3 days, "delay");
    }

    function test_a_spell_that_drops_needs_the_hat_and_waits_for_nothing() public {
        CallsSpell bad = CallsSpell(spells.create(draft(false)));
        crown(address(bad));
        bad.schedule();
        (address action, bytes32 code, bytes memory call, uint48 eta) =
            (bad.action(), bad.codeHash(), bad.call(), bad.eta());
        uint48 until = uint48(time() + 30 days);
        DropSpell stop = DropSpell(spells.createDrop("Stop", "# Stop", until, action, code, call, eta));
        vm.assertEq(stop.plan(), pause.planOf(action, code, call, eta), "plan");
        vm.assertEq(stop.textHash(), keccak256("# Stop"), "text hash");
        vm.expectRevert(Pause.NotTheHat.selector);
        stop.schedule();
        crown(address(stop));
        stop.schedule();
        vm.assertTrue(stop.done(), "done");
        vm.warp(eta);
        vm.expectRevert(Pause.NotPlotted.selector);
        bad.cast();
        vm.assertEq(bad.nextCastTime(), 0, "dead");
        vm.assertFalse(bad.done(), "dropped, not done");
        vm.expectRevert(ISpell.AlreadyScheduled.selector);
        stop.schedule();
    }

    function test_a_spell_that_drops_expires_too() public {
        uint48 until = uint48(time() + 1 days);
        DropSpell stop = DropSpell(spells.createDrop("Stop", "", until, address(1), bytes32(0), "", 1));
        vm.warp(until + 1);
        vm.expectRevert(ISpell.Expired.selector);
        stop.schedule();
    }

    function test_a_spell_written_by_hand_pays_in_office_hours() public {
        uint48 until = uint48(time() + 30 days);
        TransferSpell coins = new TransferSpell(pause, address(0), payee, 1 ether, "Pay", keccak256("Pay"), until);
        TransferSpell tokens = new TransferSpell(pause, address(nomic), payee, 3e18, "Pay", keccak256("Pay"), until);
        crown(address(coins));
        coins.schedule();
        crown(address(tokens));
        tokens.schedule();
        vm.warp((uint256(tokens.eta()) / 1 days) * 1 days + 23 hours);
        vm.expectRevert(OfficeHours.OfficeClosed.selector);
        coins.cast();
        vm.warp(tokens.nextCastTime());
        coins.cast();
        tokens.cast();
        vm.assertEq(payee.balance, 1 ether, "coins");
        vm.assertEq(nomic.balanceOf(payee), 3e18, "NOMIC");
    }

    function draft(bool officeHours) private view returns (SpellFactory.Draft memory d) {
        d.title = "Pay the builders";
        d.text = text;
        d.expiration = uint48(time() + 30 days);
        d.officeHours = officeHours;
        (d.targets, d.values, d.calls) = (new address[](2), new uint256[](2), new bytes[](2));
        (d.targets[0], d.values[0]) = (payee, 1 ether);
        (d.targets[1], d.calls[1]) = (address(nomic), abi.encodeCall(nomic.transfer, (payee, 2e18)));
    }

    /// Said from the calendar: START is Friday, 15 January 2027, 08:00 UTC.
    function isOpen(uint256 at) private pure returns (bool) {
        uint256 hour = ((at - START) / 1 hours + 8) % 24;
        uint256 daysSinceFriday = ((at - START) / 1 hours + 8) / 24;
        uint256 weekday = daysSinceFriday % 7;
        return weekday != 1 && weekday != 2 && hour >= 14 && hour < 21;
    }
}
