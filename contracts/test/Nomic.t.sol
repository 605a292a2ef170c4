// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Nomic} from "../src/nomic/Nomic.sol";
import {World} from "./World.sol";

/// The voice book says what ERC20Votes says, whatever is moved and whoever takes a seat when.
contract NomicTest is World {
    function setUp() public {
        layGround();
        makeNomic();
    }

    function testFuzz_the_voice_book_agrees_with_the_token(uint256 seed) public {
        for (uint256 i; i < 30; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            (uint256 a, uint256 b) = ((seed >> 8) % 8, (seed >> 16) % 8);
            uint256 act = seed % 5;
            if (act == 0) vm.warp(time() + 1 + ((seed >> 24) % 1000));
            if (act == 1) nomic.enrol(list(a + 1, 1));
            if (act == 2) {
                vm.prank(accountOf(a));
                nomic.delegate((seed >> 24) % 9 == 8 ? address(0) : accountOf(b));
            }
            if (act >= 3) {
                uint256 amount = bound(seed >> 32, 0, nomic.balanceOf(accountOf(a)));
                vm.prank(accountOf(a));
                nomic.transfer(accountOf(b), amount);
            }
            compareBook();
        }
    }

    function compareBook() private view {
        for (uint256 i; i < 8; ++i) {
            (uint32 seat, ) = nomic.seatOf(accountOf(i));
            if (seat == 0) continue;
            (address account, uint96 votes, uint32 changedAt, uint32 autoId, ) = nomic.entry(seat);
            vm.assertEq(account, accountOf(i), "account");
            vm.assertEq(votes, nomic.getVotes(account), "votes now");
            vm.assertEq(autoId, i + 1, "auto id");
            uint32 n = nomic.numCheckpoints(account);
            vm.assertEq(changedAt, n == 0 ? 0 : nomic.checkpoints(account, n - 1)._key, "changed at");
            if (changedAt < time()) {
                vm.assertEq(votes, nomic.getPastVotes(account, time() - 1), "votes a second ago");
            }
        }
    }

    function test_many_entries_come_as_they_come_alone() public {
        nomic.enrol(list(1, VOTERS));
        uint256[] memory seats = new uint256[](6);
        (seats[0], seats[1], seats[2], seats[3], seats[4], seats[5]) = (1, 2, 7, 7, 500, 40);
        uint256[] memory packed = nomic.entries(seats);
        vm.assertEq(packed.length, 12, "two words each");
        for (uint256 i; i < seats.length; ++i) {
            (address account, uint96 votes, uint32 changedAt, uint32 autoId, ) = nomic.entry(uint32(seats[i]));
            vm.assertEq(packed[2 * i], (uint256(uint160(account)) << 96) | votes, "voice");
            vm.assertEq(packed[2 * i + 1], (uint256(changedAt) << 31) | autoId, "side");
        }
    }

    function test_an_auto_id_that_moves_to_another_account_leaves_its_old_seat_dead() public {
        nomic.enrol(list(1, 2));
        rotate(1, 60);
        vm.assertEq(nomic.enrol(list(1, 1)), 1, "enrolled");
        (, , , uint32 before, uint48 beforeMoved) = nomic.entry(1);
        vm.assertEq(before, 0, "auto id in the old seat");
        vm.assertEq(beforeMoved, 0, "the old seat was never moved to");
        (address account, , , uint32 autoId, uint48 movedAt) = nomic.entry(3);
        vm.assertEq(account, accountOf(60), "account in the new seat");
        vm.assertEq(autoId, 1, "auto id in the new seat");
        vm.assertEq(movedAt, time(), "moved");
        (, , , uint32 neighbour, ) = nomic.entry(2);
        vm.assertEq(neighbour, 2, "the seat between");
    }

    function test_a_new_auto_id_of_the_same_account_takes_the_same_seat() public {
        nomic.enrol(list(1, 2));
        vm.prank(accountOf(0));
        ids.deactivate(1);
        uint256 id = register(0);
        vm.assertEq(nomic.enrol(list(id, 1)), 1, "enrolled");
        (, , , uint32 autoId, uint48 movedAt) = nomic.entry(1);
        vm.assertEq(autoId, id, "its new auto id");
        vm.assertEq(movedAt, 0, "the new id spoke from nowhere else");
        vm.assertEq(nomic.enrol(list(1, 1)), 0, "a dead id");
        vm.assertEq(nomic.seats(), 2, "seats");
    }

    function test_there_is_never_more_nomic_than_a_record_can_carry() public {
        this.mint(type(uint96).max);
        try this.mint(uint256(type(uint96).max) + 1) {
            vm.assertTrue(false, "more than 96 bits");
        } catch {}
    }

    function mint(uint256 amount) external {
        (address[] memory one, uint256[] memory amounts) = (new address[](1), new uint256[](1));
        (one[0], amounts[0]) = (accountOf(0), amount);
        new Nomic(address(ids), one, amounts);
    }
}
