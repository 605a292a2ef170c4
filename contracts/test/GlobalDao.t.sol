// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChallenge} from "../src/interfaces/IChallenge.sol";
import {IGlobalDao} from "../src/interfaces/IGlobalDao.sol";
import {Mesh} from "./Mesh.sol";

contract GlobalDaoTest is Mesh {
    function setUp() public {
        layMesh();
        create();
    }

    function test_an_account_joins_once_and_names_who_may_act() public {
        vm.assertEq(mesh.daoOf(accountOf(2)), 2, "number");
        vm.expectRevert(IGlobalDao.AlreadyJoined.selector);
        this.joinAs(accountOf(2));
        vm.expectRevert(IGlobalDao.NotForThisDao.selector);
        mesh.nameExecutive(2, eve);
        vm.prank(accountOf(2));
        mesh.nameExecutive(2, eve);
        vm.assertTrue(mesh.actsFor(2, eve), "executive");
        vm.prank(eve);
        vm.expectRevert(IGlobalDao.NotForThisDao.selector);
        mesh.nameExecutive(2, bob);
        vm.prank(accountOf(2));
        mesh.nameExecutive(2, address(0));
        vm.assertFalse(mesh.actsFor(2, eve), "no more");
        vm.assertFalse(mesh.actsFor(2, address(0)), "nobody is nobody");
    }

    function test_interest_is_a_hundred_points_and_moves_once_in_a_week() public {
        vm.warp(time() + 7 days);
        declare(SOLIDITY, 60, DESIGN, 41, IGlobalDao.BadDeclaration.selector);
        declare(SOLIDITY, 60, SOLIDITY, 10, IGlobalDao.BadDeclaration.selector);
        declare(SOLIDITY, 60, DESIGN, 0, IGlobalDao.BadDeclaration.selector);
        declare(SOLIDITY, 60, "cooking", 1, IGlobalDao.UnknownDomain.selector);
        declare(SOLIDITY, 90, DESIGN, 10, 0);
        declare(SOLIDITY, 90, DESIGN, 10, IGlobalDao.DeclaredTooSoon.selector);
        (uint256 fit, uint256 points) = mesh.fitOf(1, SOLIDITY);
        vm.assertEq(fit, 1000, "at home");
        vm.assertEq(points, 90, "interest");
        (fit, points) = mesh.fitOf(1, TECH);
        vm.assertEq(fit, 0, "a child is not its parent");
        vm.assertEq(points, 0, "none");
        (fit, points) = mesh.fitOf(2, SOLIDITY);
        vm.assertEq(fit, 500, "by the parent");
        vm.assertEq(points, 60, "its interest");
    }

    function test_only_the_curator_keeps_domains_tokens_and_treasury() public {
        vm.startPrank(eve);
        vm.expectRevert(IGlobalDao.NotCurator.selector);
        mesh.addDomain("cooking", 0);
        vm.expectRevert(IGlobalDao.NotCurator.selector);
        mesh.listToken(address(coin), 1);
        vm.expectRevert(IGlobalDao.NotCurator.selector);
        mesh.setTreasury(eve);
        vm.expectRevert(IGlobalDao.NotCurator.selector);
        mesh.offerCurator(eve);
        vm.expectRevert(IGlobalDao.NotCurator.selector);
        mesh.acceptCurator();
        vm.stopPrank();
        mesh.offerCurator(eve);
        vm.prank(eve);
        mesh.acceptCurator();
        vm.assertEq(mesh.curator(), eve, "passed on");
        vm.expectRevert(IGlobalDao.NotCurator.selector);
        mesh.addDomain("cooking", 0);
    }

    function test_domains_are_a_tree_of_four_levels() public {
        mesh.addDomain("yul", SOLIDITY);
        mesh.addDomain("opcodes", "yul");
        vm.expectRevert(IGlobalDao.DomainTooDeep.selector);
        mesh.addDomain("push0", "opcodes");
        vm.expectRevert(IGlobalDao.DomainExists.selector);
        mesh.addDomain(SOLIDITY, DESIGN);
        vm.expectRevert(IGlobalDao.UnknownDomain.selector);
        mesh.addDomain("x", "cooking");
        vm.expectRevert(IGlobalDao.BadToken.selector);
        mesh.listToken(eve, 1);
        vm.expectRevert(IGlobalDao.BadUnit.selector);
        mesh.listToken(address(coin), 0);
    }

    function test_only_challenges_of_its_own_write_reputation() public {
        vm.startPrank(eve);
        vm.expectRevert(IGlobalDao.NotAChallenge.selector);
        mesh.taskAssigned(1);
        vm.expectRevert(IGlobalDao.NotAChallenge.selector);
        mesh.taskSettled(1, TECH, 1);
        vm.expectRevert(IGlobalDao.NotAChallenge.selector);
        mesh.reputationLost(1, TECH, 1);
        vm.expectRevert(IGlobalDao.NotAChallenge.selector);
        mesh.judge(new IChallenge.Review[](0));
        vm.stopPrank();
    }

    function testFuzz_reputation_halves_every_ninety_days_and_never_grows_by_itself(
        uint64 points,
        uint32 wait,
        uint32 more
    ) public {
        uint256 p = bound(points, 2, 1e12);
        vm.warp(START + bound(wait, 0, 900 days));
        gain(1, SOLIDITY, p);
        vm.assertEq(mesh.reputationOf(1, SOLIDITY), p, "read back");
        vm.assertEq(mesh.reputationOf(1, TECH), p / 2, "half in the parent");
        uint256 start = time();
        vm.warp(start + bound(more, 0, 89 days));
        vm.assertLe(mesh.reputationOf(1, SOLIDITY), p, "no more");
        vm.assertLe(p / 2, mesh.reputationOf(1, SOLIDITY) + 1, "no less than half");
        vm.warp(start + 90 days);
        near(mesh.reputationOf(1, SOLIDITY), p / 2, 1);
        vm.warp(start + 180 days);
        near(mesh.reputationOf(1, SOLIDITY), p / 4, 1);
        vm.warp(start + 90 days * 300);
        vm.assertEq(mesh.reputationOf(1, SOLIDITY), 0, "forgotten");
    }

    function testFuzz_many_small_gains_decay_as_one_and_the_total_is_the_sum(uint256 seed) public {
        uint256 sum;
        for (uint256 i; i < 20; ++i) {
            uint256 x = uint256(keccak256(abi.encode(seed, i)));
            uint256 dao = 1 + (x % 3);
            vm.warp(time() + ((x >> 8) % 20 days));
            if (x % 5 == 0) lose(dao, TECH, (x >> 64) % 3000);
            else gain(dao, TECH, (x >> 64) % 1e6);
        }
        for (uint256 dao = 1; dao <= 3; ++dao) {
            sum += mesh.reputationOf(dao, TECH);
        }
        near(mesh.totalReputation(TECH), sum, 20);
        uint256 before = mesh.reputationOf(1, TECH);
        vm.warp(time() + 45 days);
        for (uint256 i; i < 45; ++i) {
            gain(1, TECH, 0);
        }
        vm.warp(time() + 45 days);
        near(mesh.reputationOf(1, TECH), before / 2, 2);
    }

    function test_nobody_loses_more_than_there_is() public {
        gain(1, SOLIDITY, 100);
        lose(1, SOLIDITY, 1000);
        vm.assertEq(mesh.reputationOf(1, SOLIDITY), 0, "nothing left");
        vm.assertEq(mesh.reputationOf(1, TECH), 0, "nor in the parent");
        vm.assertEq(mesh.totalReputation(SOLIDITY), 0, "nor in all");
    }

    function test_a_newcomer_has_the_floor_for_one_small_task() public {
        uint256 large = mesh.worthOf(1, TECH, 0, false);
        uint256 small = mesh.worthOf(1, TECH, 0, true);
        vm.assertEq(large, 1000 * 600, "interest only");
        vm.assertEq(small, 1000 * 1600, "and the floor");
        vm.prank(address(challenge));
        mesh.taskAssigned(1);
        vm.assertEq(mesh.worthOf(1, TECH, 0, true), large, "once");
        vm.prank(address(challenge));
        mesh.taskSettled(1, TECH, -5);
        vm.assertEq(mesh.worthOf(1, TECH, 0, true), large, "and not again");
    }

    function test_standing_falls_by_a_quarter_and_comes_back_slowly() public {
        judged(ann, false);
        vm.assertEq(mesh.standingOf(ann), 7500, "a quarter");
        judged(ann, true);
        vm.assertEq(mesh.standingOf(ann), 7750, "a tenth of what was lost");
        for (uint256 i; i < 100; ++i) {
            judged(ann, true);
        }
        vm.assertEq(mesh.standingOf(ann), 10_000, "all of it in the end");
    }

    function test_the_curator_vouches_once_for_each_while_a_domain_is_young() public {
        mesh.vouch(1, SOLIDITY);
        vm.assertEq(mesh.reputationOf(1, SOLIDITY), 1000, "known");
        vm.assertEq(mesh.reputationOf(1, TECH), 500, "in the parent");
        vm.expectRevert(IGlobalDao.AlreadyVouched.selector);
        mesh.vouch(1, SOLIDITY);
        vm.expectRevert(IGlobalDao.UnknownDao.selector);
        mesh.vouch(99, SOLIDITY);
        vm.expectRevert(IGlobalDao.UnknownDomain.selector);
        mesh.vouch(1, "cooking");
        vm.prank(eve);
        vm.expectRevert(IGlobalDao.NotCurator.selector);
        mesh.vouch(2, SOLIDITY);
        gain(3, SOLIDITY, 19_000);
        vm.expectRevert(IGlobalDao.NoLongerYoung.selector);
        mesh.vouch(2, SOLIDITY);
    }

    function joinAs(address account) external {
        join(account);
    }

    function declare(bytes32 a, uint8 x, bytes32 b, uint8 y, bytes4 why) private {
        (bytes32[] memory domains, uint8[] memory points) = (new bytes32[](2), new uint8[](2));
        (domains[0], domains[1], points[0], points[1]) = (a, b, x, y);
        vm.prank(accountOf(1));
        if (why != 0) vm.expectRevert(why);
        mesh.declareDomains(1, domains, points);
    }

    function gain(uint256 dao, bytes32 domain, uint256 points) private {
        vm.startPrank(address(challenge));
        mesh.taskAssigned(dao);
        mesh.taskSettled(dao, domain, int256(points));
        vm.stopPrank();
    }

    function lose(uint256 dao, bytes32 domain, uint256 points) private {
        vm.prank(address(challenge));
        mesh.reputationLost(dao, domain, points);
    }

    function judged(address who, bool isFair) private {
        IChallenge.Review[] memory reviews = new IChallenge.Review[](2);
        reviews[0] = IChallenge.Review(bob, 0, 5001, 80, true, 0);
        reviews[1] = IChallenge.Review(who, 0, 4999, isFair ? 55 : 54, true, 0);
        vm.prank(address(challenge));
        mesh.judge(reviews);
    }

    function near(uint256 a, uint256 b, uint256 by) private pure {
        vm.assertLe(a, b + by, "not above");
        vm.assertLe(b, a + by, "not below");
    }
}
