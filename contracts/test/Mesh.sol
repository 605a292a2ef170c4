// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AutoIds} from "../src/AutoIds.sol";
import {Challenge} from "../src/global/Challenge.sol";
import {GlobalDao} from "../src/global/GlobalDao.sol";
import {IAutoIds} from "../src/interfaces/IAutoIds.sol";
import {IChallenge} from "../src/interfaces/IChallenge.sol";
import {IGlobalDao} from "../src/interfaces/IGlobalDao.sol";
import {MeshToken} from "./MeshToken.sol";
import {Signing} from "./Signing.sol";

/// A Global DAO with six DAOs (dao i acts through account i, its contributor is Auto ID i), two sponsors, and a challenge of a
/// thousand coins in three tasks: 0, then 1 after 0, then 2, which puts them together.
abstract contract Mesh is Signing {
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant DAOS = 6;
    uint256 internal constant COIN = 1e18;
    uint256 internal constant BUDGET = 1000 * COIN;
    bytes32 internal constant TECH = "tech";
    bytes32 internal constant SOLIDITY = "solidity";
    bytes32 internal constant DESIGN = "design";
    address internal constant TREASURY = address(0x7EA5);
    bytes32 internal constant SALT = "salt";

    AutoIds internal ids;
    GlobalDao internal mesh;
    MeshToken internal coin;
    Challenge internal challenge;
    address internal ann = accountOf(50);
    address internal bob = accountOf(51);
    address internal eve = accountOf(66);

    function layMesh() internal {
        vm.warp(START);
        ids = new AutoIds();
        coin = new MeshToken();
        mesh = new GlobalDao(new Challenge(), address(ids), address(this), TREASURY);
        mesh.addDomain(TECH, 0);
        mesh.addDomain(SOLIDITY, TECH);
        mesh.addDomain(DESIGN, 0);
        mesh.listToken(address(coin), 100 * COIN);
        for (uint256 i = 1; i <= DAOS; ++i) {
            registerPerson(accountOf(100 + i));
            join(accountOf(i));
            rich(accountOf(i));
        }
        rich(ann);
        rich(bob);
        rich(eve);
    }

    function registerPerson(address who) internal returns (uint256) {
        IAutoIds.Registration memory r = IAutoIds.Registration(who, 1, 0, 0, 0, 0, time());
        vm.prank(who);
        return ids.register(r, "", "");
    }

    function join(address account) internal returns (uint256) {
        bytes32[] memory domains = new bytes32[](2);
        uint8[] memory points = new uint8[](2);
        (domains[0], domains[1], points[0], points[1]) = (TECH, DESIGN, 60, 40);
        vm.prank(account);
        return mesh.join("A DAO", domains, points);
    }

    function rich(address who) internal {
        coin.mint(who, 1_000_000 * COIN);
    }

    function allow(address who) internal {
        vm.prank(who);
        coin.approve(address(challenge), type(uint256).max);
    }

    function params() internal view returns (IGlobalDao.ChallengeParams memory p) {
        p.title = "Build a boat";
        p.text = "It floats.";
        p.requirements = new string[](2);
        (p.requirements[0], p.requirements[1]) = ("It floats", "It is blue");
        (p.token, p.goal) = (address(coin), BUDGET);
        p.terms = IChallenge.Terms({
            fundingUntil: uint48(time() + 7 days),
            deadline: uint48(time() + 300 days),
            planningTime: 5 days,
            biddingTime: 2 days,
            revealTime: 1 days,
            reviewTime: 3 days,
            ratingTime: 2 days
        });
    }

    function create() internal {
        (, address where) = mesh.createChallenge(params());
        challenge = Challenge(where);
        for (uint256 i = 1; i <= DAOS; ++i) {
            allow(accountOf(i));
        }
        allow(ann);
        allow(bob);
        allow(eve);
    }

    function fundBy(address sponsor, uint256 amount) internal {
        vm.prank(sponsor);
        challenge.fund(amount);
    }

    function tasks() internal pure returns (IChallenge.TaskSpec[] memory list) {
        list = new IChallenge.TaskSpec[](3);
        list[0] = IChallenge.TaskSpec("Hull", "It is tight", SOLIDITY, 4000, 0, 1, 10 days, 0);
        list[1] = IChallenge.TaskSpec("Paint", "It is blue", DESIGN, 3000, 1, 2, 10 days, uint128(100 * COIN));
        list[2] = IChallenge.TaskSpec("Launch", "It floats", TECH, 3000, 3, 0, 10 days, 0);
    }

    /// Ann gives 600 and Bob 400.
    function toPlanning() internal {
        create();
        fundBy(ann, 600 * COIN);
        fundBy(bob, 400 * COIN);
    }

    function proposeBy(address author) internal returns (uint256) {
        vm.prank(author);
        return challenge.proposePlan("As boats are built", tasks());
    }

    function toWork() internal {
        toPlanning();
        uint256 plan = proposeBy(eve);
        vm.prank(ann);
        challenge.judgePlan(plan, true);
        challenge.adoptPlan(plan, tasks());
    }

    function bidBy(uint256 dao, uint256 task, uint256 coins) internal {
        vm.prank(accountOf(dao));
        challenge.bid(task, dao, coins * COIN);
    }

    /// Waits until time has decided something about the task.
    function pass(uint256 task) internal {
        vm.warp(challenge.taskAt(task).until + 1);
        challenge.pokeTask(task);
    }

    function assign(uint256 task, uint256 dao) internal {
        bidBy(dao, task, 100);
        pass(task);
    }

    function delivery(uint256 dao, bytes32 hash) internal pure returns (IChallenge.Delivery memory d) {
        d.deliverable = hash;
        d.cid = "bafy";
        d.contributors = new uint256[](1);
        d.contributors[0] = (dao << 16) | 10_000;
        d.salt = SALT;
    }

    function deliver(uint256 task, uint256 dao) internal {
        IChallenge.Delivery memory d = delivery(dao, keccak256(abi.encode(task, dao)));
        bytes32 commitment = challenge.commitmentOf(task, dao, d);
        vm.prank(accountOf(dao));
        challenge.commitDelivery(task, commitment);
        vm.warp(time() + 1);
        vm.prank(accountOf(dao));
        challenge.revealDelivery(task, d);
    }

    function finish(uint256 task, uint256 dao) internal {
        assign(task, dao);
        deliver(task, dao);
        pass(task);
    }

    function objectBy(address who, uint256 task) internal {
        vm.prank(who);
        challenge.object(task, "It leaks");
    }

    function rate(address who, uint256 task, uint256 dao, uint8 rating) internal {
        address reviewer = dao == 0 ? who : mesh.accountOf(dao);
        bytes32 commitment = challenge.ratingCommitmentOf(task, dao, reviewer, rating, SALT);
        vm.prank(who);
        challenge.commitRating(task, dao, commitment);
    }

    function show(address who, uint256 task, uint256 dao, uint8 rating) internal {
        vm.prank(who);
        challenge.revealRating(task, dao, rating, "I looked", SALT);
    }

    /// Eve objects, Ann and Bob rate as sponsors.
    function judge(uint256 task, uint8 byAnn, uint8 byBob) internal {
        objectBy(eve, task);
        rate(ann, task, 0, byAnn);
        rate(bob, task, 0, byBob);
        pass(task);
        show(ann, task, 0, byAnn);
        show(bob, task, 0, byBob);
        pass(task);
    }

    function stateOf(uint256 task) internal view returns (IChallenge.TaskState) {
        return challenge.taskAt(task).state;
    }

    function isIn(uint256 task, IChallenge.TaskState wanted, string memory what) internal view {
        vm.assertEq(uint256(stateOf(task)), uint256(wanted), what);
    }

    function isNow(IChallenge.State wanted, string memory what) internal view {
        vm.assertEq(uint256(challenge.state()), uint256(wanted), what);
    }
}
