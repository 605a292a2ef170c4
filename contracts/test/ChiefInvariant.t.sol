// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChiefWorld} from "./ChiefWorld.sol";
import {Test} from "./Vm.sol";

/// Everything that may be done with a chief, in any order, beside the rules said once more as plainly as they can be: who locked
/// how much, which spells each approves, and what stood on each spell in this second.
contract Chiefdom is ChiefWorld {
    uint256 private constant SPELLS = 4;
    uint256 private constant PEOPLE = 9;

    mapping(uint256 voter => uint256) private locked;
    mapping(uint256 voter => uint256) private sequence;
    /// One bit a spell; spell 0 is nobody.
    mapping(uint256 voter => uint256) private approved;
    uint256[SPELLS] private least;
    address private hat;
    uint256 private liftedAt;
    bool private live;
    uint256 public lifts;

    constructor() {
        makeChief();
        remember();
    }

    function lockSome(uint256 voter, uint256 amount) external {
        voter = personOf(voter);
        amount = bound(amount, 0, nomic.balanceOf(accountOf(voter)));
        if (amount == 0) return;
        lock(voter, amount);
        locked[voter] += amount;
        note();
    }

    /// Never refused to who has it.
    function freeSome(uint256 voter, uint256 amount) external {
        voter = personOf(voter);
        if (chief.seatOf(accountOf(voter)) == 0) return;
        amount = bound(amount, 0, locked[voter]);
        free(voter, amount);
        locked[voter] -= amount;
        note();
    }

    function vote(uint256 voter, uint256 set) external {
        voter = personOf(voter);
        if (chief.seatOf(accountOf(voter)) == 0) return;
        set = setOf(set);
        voteFor(voter, spellsIn(set));
        approved[voter] = set;
        ++sequence[voter];
        note();
    }

    function relay(uint256 x, uint256 y, uint256 z) external {
        (bytes memory a, bytes1 why) = judge(x);
        (bytes memory b, bytes1 whyNot) = judge(y);
        (bytes memory c, bytes1 whyEver) = judge(z);
        bytes memory batch = bytes.concat(a, b, c);
        vm.assertEq(chief.check(batch), bytes.concat(why, whyNot, whyEver), "check");
        chief.castApprovals(batch);
        note();
    }

    function lend(uint256 from, uint256 to, uint256 amount) external {
        (from, to) = (personOf(from), personOf(to));
        amount = bound(amount, 0, nomic.balanceOf(accountOf(from)));
        vm.prank(accountOf(from));
        nomic.transfer(accountOf(to), amount);
    }

    function lift(uint256 number) external {
        number = number % SPELLS;
        bool may = live && time() >= liftedAt + COOL_DOWN && least[number] >= FLOOR && least[number] > sumOf(numberOf(hat));
        try chief.lift(who(number)) {
            vm.assertTrue(may, "lifted against the rule");
            (hat, liftedAt) = (who(number), time());
            ++lifts;
        } catch {
            vm.assertFalse(may, "not lifted");
        }
    }

    function launchIt() external {
        bool may = !live && least[0] >= LAUNCH;
        try chief.launch() {
            vm.assertTrue(may, "launched against the rule");
            live = true;
        } catch {
            vm.assertFalse(may, "not launched");
        }
    }

    function wait(uint256 duration) external {
        pass(bound(duration, 1, COOL_DOWN));
        remember();
    }

    function check() external view {
        vm.assertEq(chief.hat(), hat, "hat");
        vm.assertTrue(chief.live() == live, "live");
        for (uint256 i; i < SPELLS; ++i) {
            vm.assertEq(chief.approvals(who(i)), sumOf(i), "approvals");
            vm.assertEq(chief.settled(who(i)), least[i], "settled");
        }
        for (uint256 person; person < PEOPLE; ++person) {
            uint256 voter = personOf(person);
            uint32 seat = chief.seatOf(accountOf(voter));
            (, uint96 there, uint16 last, ) = chief.seatInfo(seat);
            vm.assertEq(there, locked[voter], "locked");
            vm.assertEq(last, sequence[voter], "sequence");
            vm.assertEq(nomic.balanceOf(chief.vaultOf(accountOf(voter))), locked[voter], "in the vault");
        }
    }

    /// A record from a number, mostly good, and why it does not count; counts it.
    function judge(uint256 x) private returns (bytes memory raw, bytes1 why) {
        uint256 voter = personOf(x >> 8);
        uint256 seat = chief.seatOf(accountOf(voter));
        uint256 set = setOf(x >> 16);
        uint256 next = (x >> 32) % 5 == 0 ? sequence[voter] : sequence[voter] + 1 + ((x >> 40) % 3);
        bool isForeign = (x >> 48) % 5 == 0;
        bytes32 digest = approvalDigest(chiefDomain(), seat, next, spellsIn(set));
        raw = packed(seat, next, chief.etch(spellsIn(set)), keyOf(isForeign ? 900 : voter), digest);
        if (next <= sequence[voter]) return (raw, 0x01);
        if (seat == 0) return (raw, 0x02);
        if (locked[voter] == 0) return (raw, 0x04);
        if (isForeign) return (raw, 0x03);
        (sequence[voter], approved[voter]) = (next, set);
    }

    /// At the beginning of a second, what stands is the least that stood.
    function remember() private {
        for (uint256 i; i < SPELLS; ++i) least[i] = sumOf(i);
    }

    function note() private {
        for (uint256 i; i < SPELLS; ++i) {
            if (sumOf(i) < least[i]) least[i] = sumOf(i);
        }
    }

    function sumOf(uint256 number) private view returns (uint256 sum) {
        for (uint256 person; person < PEOPLE; ++person) {
            uint256 voter = personOf(person);
            if ((approved[voter] >> number) & 1 == 1) sum += locked[voter];
        }
    }

    /// The richest, so that something happens.
    function personOf(uint256 x) private pure returns (uint256 voter) {
        voter = VOTERS - 1 - (x % PEOPLE);
    }

    /// Sets of at most three, mostly small.
    function setOf(uint256 x) private pure returns (uint256) {
        return x % 3 == 0 ? (x >> 8) % (1 << (SPELLS - 1)) : 1 << ((x >> 8) % SPELLS);
    }

    function who(uint256 number) private pure returns (address) {
        return number == 0 ? address(0) : spell(number);
    }

    function numberOf(address account) private pure returns (uint256 number) {
        while (who(number) != account) ++number;
    }

    function spellsIn(uint256 set) private pure returns (address[] memory spells) {
        uint256 count;
        for (uint256 i; i < SPELLS; ++i) count += (set >> i) & 1;
        spells = new address[](count);
        for (uint256 i = SPELLS; i > 0; --i) {
            if ((set >> (i - 1)) & 1 == 1) spells[--count] = who(i - 1);
        }
    }
}

contract ChiefInvariant is Test {
    Chiefdom internal chiefdom;

    function setUp() public {
        chiefdom = new Chiefdom();
    }

    function targetContracts() public view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(chiefdom);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory list) {
        list = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](8);
        selectors[0] = Chiefdom.lockSome.selector;
        selectors[1] = Chiefdom.freeSome.selector;
        selectors[2] = Chiefdom.vote.selector;
        selectors[3] = Chiefdom.relay.selector;
        selectors[4] = Chiefdom.lend.selector;
        selectors[5] = Chiefdom.lift.selector;
        selectors[6] = Chiefdom.launchIt.selector;
        selectors[7] = Chiefdom.wait.selector;
        list[0] = FuzzSelector(address(chiefdom), selectors);
    }

    function test_in_a_long_history_many_hats_are_lifted_by_the_rule() public {
        uint256 x = 1;
        for (uint256 i; i < 500; ++i) {
            x = uint256(keccak256(abi.encode(x)));
            uint256 what = (x >> 240) % 8;
            if (what == 0) chiefdom.lockSome(x >> 8, x >> 16);
            else if (what == 1) chiefdom.freeSome(x >> 8, (x >> 16) % 5e18);
            else if (what == 2) chiefdom.vote(x >> 8, x >> 16);
            else if (what == 3) chiefdom.relay(x >> 8, x >> 16, x >> 24);
            else if (what == 4) chiefdom.lend(x >> 8, x >> 16, (x >> 24) % 1e18);
            else if (what == 5) chiefdom.lift(x >> 8);
            else if (what == 6) chiefdom.launchIt();
            else chiefdom.wait(x >> 8);
            if (i % 20 == 0) chiefdom.check();
        }
        vm.assertTrue(chiefdom.lifts() > 3, "lifts");
    }

    function invariant_approvals_are_what_is_locked_behind_them_and_the_hat_goes_by_the_rule() public view {
        chiefdom.check();
    }
}
