// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AutoDao} from "../src/dao/AutoDao.sol";
import {AutoDaoFactory} from "../src/dao/AutoDaoFactory.sol";
import {AutoDaoTimelock} from "../src/dao/AutoDaoTimelock.sol";
import {AutoDaoToken} from "../src/dao/AutoDaoToken.sol";
import {OzToken} from "../src/plain/OzToken.sol";
import {HostileToken} from "./Hostile.sol";
import {World} from "./World.sol";

contract FactoryTest is World {
    function setUp() public {
        layGround();
    }

    function test_a_dao_is_made_where_it_was_foretold_and_as_it_was_asked_for() public {
        (address d, address l, address t, ) = factory.predict(address(this), bytes32(0));
        makeDao(true);
        vm.assertEq(address(dao), d, "dao");
        vm.assertEq(address(timelock), l, "timelock");
        vm.assertEq(address(token), t, "token");
        vm.assertEq(dao.votingDelay(), 1 days, "delay");
        vm.assertEq(dao.votingPeriod(), 7 days, "period");
        vm.assertEq(dao.quorumNumerator(), 4, "quorum");
        vm.assertEq(dao.lateQuorumVoteExtension(), 1 hours, "extension");
        vm.assertEq(timelock.getMinDelay(), 1 hours, "timelock");
        vm.assertTrue(dao.changeOfMind(), "change of mind");
        vm.assertEq(dao.timelock(), l, "the dao's timelock");
        vm.assertEq(address(dao.token()), t, "the dao's token");
        vm.assertEq(token.timelock(), l, "the token's timelock");
        vm.assertEq(token.getVotes(accountOf(1)), stakeOf(1), "votes at once");
        vm.assertEq(dao.autoIds(), address(ids), "registry");
    }

    function test_a_salt_is_its_creators_own() public {
        address creator = accountOf(1);
        (address d, , , ) = factory.predict(creator, "mine");
        AutoDaoFactory.DaoParams memory p = params(false);
        p.salt = "mine";
        (address other, , ) = factory.create(p);
        vm.assertTrue(other != d, "squatted");
        vm.prank(creator);
        (address own, , ) = factory.create(p);
        vm.assertEq(own, d, "own");
        vm.prank(creator);
        vm.expectRevert();
        factory.create(p);
    }

    function test_what_was_made_cannot_be_made_again_nor_the_originals_taken() public {
        makeDao(false);
        AutoDao.Setup memory s;
        s.name = "Thief";
        AutoDao[2] memory daos = [dao, factory.DAO()];
        AutoDaoTimelock[2] memory locks = [timelock, factory.TIMELOCK()];
        AutoDaoToken[2] memory tokens = [token, factory.TOKEN()];
        (address[] memory holders, uint256[] memory amounts) = stakes();
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(bytes4(keccak256("InvalidInitialization()")));
            daos[i].initialize(s);
            vm.expectRevert(bytes4(keccak256("InvalidInitialization()")));
            locks[i].initialize(0, address(this));
            vm.expectRevert(bytes4(keccak256("InvalidInitialization()")));
            tokens[i].initialize("Thief", "T", address(this), type(uint96).max, holders, amounts);
        }
    }

    function test_parameters_outside_their_ranges_are_refused() public {
        AutoDaoFactory.DaoParams memory p = params(false);
        p.name = "";
        refused(p, AutoDaoFactory.BadName.selector);
        p.name = "12345678901234567890123456789012345678901234567890123456789012345";
        refused(p, AutoDaoFactory.BadName.selector);
        p = params(false);
        p.votingDelay = 30 days + 1;
        refused(p, AutoDaoFactory.BadVotingDelay.selector);
        p = params(false);
        p.votingPeriod = 1 hours - 1;
        refused(p, AutoDaoFactory.BadVotingPeriod.selector);
        p.votingPeriod = 30 days + 1;
        refused(p, AutoDaoFactory.BadVotingPeriod.selector);
        p = params(false);
        p.quorumPercent = 0;
        refused(p, AutoDaoFactory.BadQuorum.selector);
        p.quorumPercent = 51;
        refused(p, AutoDaoFactory.BadQuorum.selector);
        p = params(false);
        p.lateQuorumExtension = 7 days + 1;
        refused(p, AutoDaoFactory.BadLateQuorumExtension.selector);
        p = params(false);
        p.timelockDelay = 1 hours - 1;
        refused(p, AutoDaoFactory.BadTimelockDelay.selector);
        p.timelockDelay = 30 days + 1;
        refused(p, AutoDaoFactory.BadTimelockDelay.selector);
        p = params(false);
        p.amounts = new uint256[](1);
        refused(p, AutoDaoFactory.BadHolders.selector);
        (p.holders, p.amounts) = (new address[](0), new uint256[](0));
        refused(p, AutoDaoFactory.BadHolders.selector);
        p.founders = list(1, 2);
        p.token = address(ids);
        refused(p, AutoDaoFactory.BadHolders.selector);
        p = params(false);
        p.founders = list(1, 2);
        refused(p, AutoDaoFactory.BadHolders.selector);
        p = params(false);
        p.promptHash = keccak256("prompt");
        refused(p, AutoDaoFactory.BadAiFeatures.selector);
        (p.promptHash, p.aiFeatures) = (bytes32(0), "summary");
        refused(p, AutoDaoFactory.BadAiFeatures.selector);
        p = params(false);
        p.proposalThreshold = 2000e18;
        refused(p, AutoDaoFactory.BadThreshold.selector);
    }

    function test_every_parameter_within_its_range_makes_a_dao_that_works() public {
        AutoDaoFactory.DaoParams memory p = params(false);
        (p.votingDelay, p.votingPeriod, p.quorumPercent, p.timelockDelay) = (0, 1 hours, 50, 0);
        (address d, , ) = factory.create(p);
        dao = AutoDao(payable(d));
        dao.enrol(list(1, VOTERS));
        vm.warp(time() + 1);
        uint256 proposal = propose("Buy a boat");
        vm.warp(dao.proposalSnapshot(proposal) + 1);
        dao.castBallots(proposal, ballot(proposal, 1, 1, 2));
        vm.assertTrue(dao.hasVoted(proposal, accountOf(1)), "has voted");
    }

    function test_a_token_that_cannot_carry_votes_in_seconds_is_refused() public {
        AutoDaoFactory.DaoParams memory p = params(false);
        (p.holders, p.amounts) = (new address[](0), new uint256[](0));
        p.token = address(0xdead);
        refused(p, AutoDaoFactory.TokenNotVotes.selector);
        p.token = address(ids);
        refused(p, AutoDaoFactory.TokenNotVotes.selector);
        HostileToken blocks = new HostileToken();
        blocks.set(HostileToken.Mood.CountsBlocks, address(0));
        p.token = address(blocks);
        refused(p, AutoDaoFactory.TokenClockNotSeconds.selector);
        (address[] memory one, uint256[] memory amount) = (new address[](1), new uint256[](1));
        (one[0], amount[0]) = (accountOf(0), uint256(type(uint96).max) + 1);
        p.token = address(new OzToken("Big", "BIG", one, amount));
        refused(p, AutoDaoFactory.TokenTooLarge.selector);
        amount[0] = type(uint96).max;
        p.token = address(new OzToken("Big", "BIG", one, amount));
        factory.create(p);
    }

    function test_without_a_registry_there_is_no_dao() public {
        try this.daoWithout() {
            vm.assertTrue(false, "made");
        } catch {}
    }

    function daoWithout() external {
        new AutoDao(address(0xdead), address(charter));
    }

    function refused(AutoDaoFactory.DaoParams memory p, bytes4 why) private {
        vm.expectRevert(why);
        factory.create(p);
    }
}
